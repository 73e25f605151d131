// Shared by the C files, invisible to Swift.
#pragma once
#include "CLuaSupport.h"
#include <sys/types.h>

extern nj_hooks nj_hook_table;

// These functions leave by longjmp, which ThreadSanitizer's record of calls cannot follow: it overflows after some ten thousand
// errors. And the signal handler may interrupt its runtime. All they share between threads is atomic.
#if __has_feature(thread_sanitizer)
#pragma clang attribute push(__attribute__((disable_sanitizer_instrumentation)), apply_to = function)
#endif

// memory.c
void nj_block_open(nj_block *block);
void nj_block_close(nj_block *block);
void *nj_allocate(void *context, void *piece, size_t old_size, size_t new_size);  // a lua_Alloc

// interrupt.c
// The context that is inside Lua on this thread. Read by the signal handler, so it must need no allocation on first use.
extern _Thread_local nj_context *nj_current __attribute__((tls_model("initial-exec"), visibility("hidden")));
extern _Thread_local int nj_thread_id __attribute__((tls_model("initial-exec"), visibility("hidden")));
void nj_prepare_thread(void);
void nj_move_context(nj_context *context);
void nj_leave_interrupted(nj_context *context, nj_context *outer);
void nj_inherit_interruption(nj_context *context);
void nj_meet_interruption(nj_context *context);
void nj_install_hook(lua_State *L);
void nj_install_hook_in_handler(lua_State *L);

// Whether somebody asked for more than the script has met.
static inline bool nj_is_unmet(nj_context *c) {
  int asked = atomic_load_explicit(&c->interrupt, memory_order_relaxed);
  int met = atomic_load_explicit(&c->interrupting, memory_order_relaxed);
  return __builtin_expect(asked > met || met == NJ_INSIST, 0);
}

// Installs the hook if something is pending.
static inline void nj_arm(lua_State *L, nj_context *c) {
  if (nj_is_unmet(c)) nj_install_hook(L);
}

// Gives the context that was inside Lua on this thread before.
static inline nj_context *nj_enter_context(nj_context *c) {
  nj_context *outer = nj_current;
  if (outer != c) {
    if (__builtin_expect(nj_thread_id == 0, 0)) nj_prepare_thread();
    c->outer = outer;
    nj_current = c;
    if (__builtin_expect(c->last_thread != nj_thread_id, 0)) nj_move_context(c);
    // Ordered before the look at `interrupt` in nj_arm, as nj_interrupt orders its store before its look here.
    atomic_store(&c->thread, nj_thread_id);
    if (__builtin_expect(outer != NULL, 0)) nj_inherit_interruption(c);
    if (__builtin_expect(c->watched, 0)) nj_hook_table.presence(c->owner, true);
  }
  return outer;
}

static inline void nj_leave_context(nj_context *c, nj_context *outer) {
  if (outer == c) return;
  // Ordered as in nj_enter_context: whoever interrupts and still sees the thread is seen here.
  atomic_store(&c->thread, 0);
  nj_current = outer;
  if (__builtin_expect(atomic_load(&c->interrupt) != NJ_RUN || outer != NULL, 0)) nj_leave_interrupted(c, outer);
  if (__builtin_expect(c->watched, 0)) nj_hook_table.presence(c->owner, false);
}

// hook.c
void nj_arm_coroutine(lua_State *co);  // installs the hook in a coroutine about to run, if need be; charges the budget
bool nj_is_shielded(lua_State *L, nj_context *c, int level);  // whether an interruption has to wait for a __close handler
void nj_unshield(nj_context *c, lua_State *coroutine);        // the coroutine, and with it such a handler, does not run any more
void nj_prepare_interruption(lua_State *L);

// warning.c
void nj_prepare_warnings(nj_context *c);
int nj_raise_interruption(lua_State *L);  // never returns
// The status of a protected call that failed: an error that an interruption caused, or ran into, becomes that interruption.
int nj_settle_error(lua_State *L, nj_context *c, int status, int entered);

// coroutines.c
int nj_auxresume(lua_State *L, lua_State *co, int arguments);
int nj_place_of_protected(lua_CFunction function);  // where the function that pcall or xpcall calls lies in its frame; 0: another one
void nj_install_coroutine_overrides(lua_State *L);

// process.c
void nj_install_process_overrides(lua_State *L);  // with the globals on top

// children.c
bool nj_start_shell(const char *command, int input, int output, pid_t *child);  // false with errno; -1 leaves a stream as it is
bool nj_wait_child(nj_context *c, pid_t child, int *status);  // false with errno, EINTR where the script must stop
bool nj_wait_child_until(pid_t child, double end, int *status);  // false: it still runs
void nj_end_child(pid_t child);  // SIGTERM to it and what it started, SIGKILL a second later
void nj_forget_child(pid_t child);  // lets it run
double nj_now(void);                // seconds on the monotonic clock

// stdlib.c
// Runs the stock function (upvalue 1), which has no upvalues of its own, in place of the calling one: hooks and error messages see
// no other function than that.
static inline int nj_call_stock(lua_State *L) { return lua_tocfunction(L, lua_upvalueindex(1))(L); }

// callback.c
int nj_throw(lua_State *L, const char *class_name, const char *message);  // never returns
int nj_settle(lua_State *L, nj_context *c);  // runs what is pending, raises what has come up; gives 0 otherwise
int nj_safe_point(lua_State *L);             // the same, where there may be nothing to do


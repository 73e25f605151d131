#define _GNU_SOURCE
#include "internal.h"
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

// Instructions between two looks at the budget; a coroutine's resume is charged one span in advance.
enum { BUDGET_SPAN = 64 };

_Thread_local nj_context *nj_current;
_Thread_local int nj_thread_id;

static const char interruption_key;
static struct sigaction previous_action;

static void hook(lua_State *L, lua_Debug *activation);

static void set_hook(lua_State *L, int count) { lua_sethook(L, hook, LUA_MASKCOUNT, count); }

static void on_signal(int number, siginfo_t *info, void *machine) {
  nj_context *c = nj_current;
  if (c != NULL && c->running != NULL) {
    nj_inherit_interruption(c);
    if (atomic_load_explicit(&c->interrupt, memory_order_relaxed) != NJ_RUN) set_hook(c->running, 1);
  }
  if (previous_action.sa_flags & SA_SIGINFO)
    previous_action.sa_sigaction(number, info, machine);
  else if (previous_action.sa_handler != SIG_DFL && previous_action.sa_handler != SIG_IGN)
    previous_action.sa_handler(number);
}

static void install_handler(void) {
  // Without SA_RESTART: a read that a script waits in ends too.
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  sigaction(SIGURG, &action, &previous_action);
}

void nj_interrupt(nj_context *c, int severity) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install_handler);
  atomic_store(&c->interrupt, severity);
  int thread = atomic_load(&c->thread);
  // A thread that has gone meanwhile, or an id used again, is harmless: the handler looks at the context.
  if (thread != 0) syscall(SYS_tgkill, getpid(), thread, SIGURG);
}

int nj_interrupt_pending(nj_context *c) { return atomic_load(&c->interrupt); }

bool nj_is_inside(nj_context *c) { return atomic_load(&c->thread) != 0; }

bool nj_must_stop(nj_context *c) {
  int asked = atomic_load(&c->interrupt);
  return asked > c->interrupting || asked == NJ_INSIST;
}

void nj_clear_interrupt(nj_context *c) {
  atomic_store(&c->interrupt, NJ_RUN);
  c->interrupting = NJ_RUN;
  c->attention &= ~NJ_INTERRUPTING;
}

// Once per thread. The worker threads of libdispatch, on which Swift's tasks run, block every signal.
void nj_prepare_thread(void) {
  sigset_t urgent;
  sigemptyset(&urgent);
  sigaddset(&urgent, SIGURG);
  pthread_sigmask(SIG_UNBLOCK, &urgent, NULL);
  nj_thread_id = (int)syscall(SYS_gettid);
}

// Who interrupts an interpreter interrupts what runs on its behalf too, such as a filter in an interpreter of its own.
void nj_inherit_interruption(nj_context *c) {
  for (nj_context *outer = c->outer; outer != NULL; outer = outer->outer) {
    int asked = atomic_load(&outer->interrupt);
    if (!nj_must_stop(outer) || asked <= atomic_load(&c->interrupt)) continue;
    c->inherited = true;
    atomic_store(&c->interrupt, asked);
  }
}

void nj_leave_interrupted(nj_context *c, nj_context *outer) {
  // Out of the outermost call: the interruption has done its work.
  if (c->interrupting != NJ_RUN || c->inherited) nj_clear_interrupt(c);
  c->inherited = false;
  nj_hook_table.left(c->owner);
  // A signal for the outer interpreter may have come while the inner one ran.
  if (outer != NULL && outer->running != NULL) nj_arm(outer->running, outer);
}

void nj_install_hook(lua_State *L) { set_hook(L, 1); }

void nj_arm_coroutine(lua_State *co) {
  nj_context *c = nj_context_of(co);
  if (c->budget >= 0) {
    c->budget = c->budget > BUDGET_SPAN ? c->budget - BUDGET_SPAN : 0;
    set_hook(co, c->budget == 0 ? 1 : BUDGET_SPAN);
  }
  nj_arm(co, c);
}

void nj_set_budget(nj_context *c, int64_t instructions) {
  c->budget = instructions;
  if (instructions < 0) lua_sethook(c->running, NULL, 0, 0);
  else set_hook(c->running, instructions < BUDGET_SPAN ? (instructions > 0 ? (int)instructions : 1) : BUDGET_SPAN);
}

static bool spend(lua_State *L, nj_context *c) {
  int span = lua_gethookcount(L);
  c->budget = c->budget > span ? c->budget - span : 0;
  if (c->budget == 0) return true;
  set_hook(L, c->budget < BUDGET_SPAN ? (int)c->budget : BUDGET_SPAN);
  return false;
}

static void begin(lua_State *L, nj_context *c, int severity) {
  if (c->interrupting == NJ_RUN) {
    c->host++;
    nj_hook_table.interrupted(L);
    c->host--;
  }
  c->interrupting = severity;
  c->attention |= NJ_INTERRUPTING;
}

void nj_begin_interruption(lua_State *L) {
  nj_context *c = nj_context_of(L);
  int severity = atomic_load(&c->interrupt);
  if (severity == NJ_RUN) severity = NJ_ASK;
  begin(L, c, severity);
  if (severity == NJ_ASK) lua_sethook(L, NULL, 0, 0);
}

static void hook(lua_State *L, lua_Debug *activation) {
  (void)activation;
  nj_context *c = nj_context_of(L);
  int severity = atomic_load(&c->interrupt);
  if (severity == NJ_RUN && c->budget >= 0) {
    if (!spend(L, c)) return;
    // What ran out stays out: nothing that catches the error gets further.
    severity = NJ_INSIST;
    atomic_store(&c->interrupt, severity);
  }
  if (severity == NJ_RUN || (severity == NJ_ASK && c->interrupting == NJ_ASK)) {
    lua_sethook(L, NULL, 0, 0);
    return;
  }
  begin(L, c, severity);
  // Asked once: to-be-closed variables get their turn. Insisted: every further instruction raises again.
  if (severity == NJ_ASK) lua_sethook(L, NULL, 0, 0);
  nj_push_interruption(L);
  lua_error(L);
}

// The error value exists from the start, because raising must not need memory.
void nj_prepare_interruption(lua_State *L) {
  lua_newuserdatauv(L, 1, 0);
  lua_createtable(L, 0, 2);
  lua_pushstring(L, "interrupted!");
  lua_setfield(L, -2, "__name");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &interruption_key);
}

void nj_push_interruption(lua_State *L) { lua_rawgetp(L, LUA_REGISTRYINDEX, &interruption_key); }

bool nj_is_interruption(lua_State *L, int index) {
  index = lua_absindex(L, index);
  nj_push_interruption(L);
  bool same = lua_rawequal(L, -1, index);
  lua_pop(L, 1);
  return same;
}

int nj_raise_interruption(lua_State *L) {
  nj_push_interruption(L);
  return lua_error(L);
}

void nj_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

// The only C of Nightjar: what Swift cannot do or must not do around Lua's longjmp.
//
// - state.c       the context behind each interpreter
// - memory.c      its allocator with the deferred memory limit
// - callback.c    the way out of Lua into Swift and back; everything raises here, after the Swift frame is gone
// - protected.c   the way into Lua; each operation that may raise, under a protected call
// - interrupt.c   an interruption on its way to the thread inside Lua: the signal, and what the thread has made of it
// - hook.c        the hook that the signal arms: where an interruption is raised, and where it waits; the instruction budget
// - coroutines.c  coroutine functions that know who runs; pcall and xpcall that hand an interruption on
// - stdlib.c      the other library functions that a limit or a policy needs to see
// - process.c     os.execute and io.popen, which end with the script that waits for them
// - files.c       open files of scripts that others write to
// - children.c    child processes: starting, waiting, ending them with what they started
// - bound.c       functions that carry the object they work on
// - object.c      userdata that hold Swift objects; attribute access
// - members.c     what class tables find by name
#pragma once
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Swift imports neither _Atomic fields nor macros with arguments, so both stay behind functions.
typedef struct nj_context nj_context;

// What the Swift side answers for all interpreters. Set once, before the first one is opened.
typedef struct nj_hooks {
  // Gives up one reference to a Swift object.
  void (*release)(void *object);
  // Pushes an instance of the built-in exception class `name`.
  void (*push_exception)(lua_State *L, const char *name, const char *message);
  // The error value is at `index`: remember where it was raised.
  void (*annotate)(lua_State *L, int index);
  // An interruption is about to be raised in L: remember where.
  void (*interrupted)(lua_State *L);
  // An interruption has reached the script: what was sent to wake its thread so far has done its work.
  void (*met)(void *owner);
  // The interpreter of `owner` is about to run, and an interruption waits for it.
  void (*entered)(void *owner);
  // The interpreter of `owner` has been entered on another thread than the last time.
  void (*moved)(void *owner);
  // The script or Lua itself has warned, with the text and one of NJ_WARNINGS_.... Must not touch L's stack.
  void (*warning)(lua_State *L, const char *text, size_t size, int standing);
  // A script of `owner` ends the process; whether its interpreter is closed.
  void (*exiting)(void *owner, bool closes);
  // L is where any script code may run: do what the collector put off.
  void (*safe_point)(lua_State *L);
  // The outermost call into the interpreter of `owner` has ended, and somebody has asked for an interruption meanwhile, which is
  // over if the script met it.
  void (*left)(void *owner, bool is_over);
  // A thread goes into the watched interpreter of `owner` from outside, and comes out again.
  void (*presence)(void *owner, bool inside);
} nj_hooks;
void nj_set_hooks(nj_hooks hooks);

// Why a hook raised; grows with severity.
enum { NJ_RUN = 0, NJ_ASK = 1, NJ_INSIST = 2 };

// How a script stands to an interruption.
typedef enum nj_standing {
  NJ_CALM,      // there is none
  NJ_OUTSIDE,   // no thread is inside Lua
  NJ_SHIELDED,  // it waits for the end of a __close handler
  NJ_MET,       // it has been raised; to-be-closed variables have their time
  NJ_UNMET      // the thread does not know yet, or is to stop whatever it does
} nj_standing;

// What must be looked at when a callback returns.
enum { NJ_OVER_LIMIT = 1, NJ_INTERRUPTING = 2, NJ_PENDING = 4, NJ_RAISING = 8 };

typedef int (*nj_swift_function)(lua_State *L, void *object);  // results, or nj_raise(L) with the error on top

typedef struct nj_entry {
  nj_swift_function call;
  void *object;
} nj_entry;
enum { NJ_ENTRY_LIMIT = 256, NJ_SHARED_LIMIT = 1024 };

// The memory of the objects that an interpreter starts with.
enum { NJ_LARGEST_LISTED = 512 };
typedef struct nj_block {
  char *start, *end;
  char *next, *limit;                    // the part of it that was never used, or a region
  void *pieces[NJ_LARGEST_LISTED / 16];  // given back, by size
  struct region *regions;                // larger ones
  bool is_closing;
} nj_block;

// A coroutine that waits for the one that it has resumed.
typedef struct nj_resumption {
  lua_State *resumer;
  struct nj_resumption *outer;
} nj_resumption;

// Whether scripts want warnings to be seen: they have not said, or by `@on` and `@off`.
enum { NJ_WARNINGS_UNSAID = 0, NJ_WARNINGS_ON = 1, NJ_WARNINGS_OFF = 2 };

struct nj_context {
  lua_State *main;     // NULL until opened
  lua_State *running;  // the coroutine that runs, or ran when Swift was entered
  void *owner;         // the LuaState, not retained
  nj_entry *entries;   // permanent functions
  int host;            // > 0 while Swift runs: the allocator then grants
  int attention;       // NJ_OVER_LIMIT | NJ_INTERRUPTING | NJ_PENDING | NJ_RAISING
  int close_depth;     // nesting of coroutine.close
  const char *close_base;  // where the C stack stood at the outermost one
  size_t used, peak, limit;         // bytes; limit 0 is none
  nj_block block;
  int64_t fail_after, fail_count;   // fault injection: -1 off
  int64_t budget;                   // instructions left; -1 is no budget
  bool text_only, refuse_gc;        // policy
  bool watched;                     // tell the owner when a thread comes in and goes out; set while none is inside
  int entry_count, entry_room;
  void *companion;                  // the one attachment that is asked for with every message
  unsigned modules_added;           // names that were added to package.loaded
  nj_context *outer;                // the one that is inside Lua on the same thread, below this one
  bool inherited;                   // the interruption is an outer one's
  bool yielded;                     // the coroutine that runs has yielded to be ended by an interruption
  nj_resumption *resumption;        // the innermost one
  lua_State *unwinding;             // a coroutine in which only __close handlers run now
  lua_State *unhooked;              // a coroutine in which the hook raised: hooks stay off in it
  int last_thread;                  // kernel id of the thread that was inside Lua last
  bool is_closing;                  // the interpreter is being closed
  bool was_interrupted;             // an interruption has ended one of its scripts
  char *warning;                    // the pieces of a warning that is not whole yet
  size_t warning_size;
  int warnings;                     // NJ_WARNINGS_...
  double close_end;                 // when closing must be over: seconds on the monotonic clock
#ifndef __swift__
  _Atomic(int) interrupt;         // severity asked for, by any thread
  _Atomic(int) interrupting;      // the severity of an interruption on its way out
  _Atomic(lua_State *) shield;    // the coroutine with a __close handler for whose end an interruption waits
  _Atomic(int) starving;          // so many requests for memory are refused
  _Atomic(int) thread;            // kernel id of the thread inside Lua, or 0
#else
  int interrupt_, interrupting_;
  void *shield_;
  int starving_, thread_;
#endif
};

static inline nj_context *nj_context_of(lua_State *L) { return *(nj_context **)lua_getextraspace(L); }

// state.c
nj_context *nj_context_create(void *owner);
bool nj_context_open(nj_context *context);   // false: no memory
void nj_context_close(nj_context *context);  // closes the interpreter; the context stays
void nj_context_destroy(nj_context *context);
int nj_open_library(lua_State *L, const char *name);  // status; error on the stack

// callback.c
// What a Swift function gives instead of a count, with the error on top of the stack. A flag beside the count spares every call
// that succeeds a comparison.
static inline int nj_raise(lua_State *L) {
  nj_context_of(L)->attention |= NJ_RAISING;
  return -1;
}
void nj_push_function(lua_State *L, nj_swift_function function, void *object);
// The same for a function that stays as long as the interpreter: while there are entries left it costs Lua no closure, and a
// call a tenth less.
void nj_push_permanent(lua_State *L, nj_swift_function function, void *object);
void nj_release_entries(nj_context *context);
// A function of the process, the same in every interpreter: `object` is never released.
typedef struct nj_shared {
  nj_entry entry;
  lua_CFunction function;
} nj_shared;
nj_shared nj_share(nj_swift_function function, void *object);  // any thread
void nj_push_shared(lua_State *L, const nj_shared *function);  // what it points at must stay
// What the function at `index` that `nj_push_shared` has pushed leads to, by which any interpreter can push it; NULL for others.
nj_entry *nj_shared_entry(lua_State *L, int index);
void nj_push_shared_entry(lua_State *L, nj_entry *entry);
// The C function at `index` where it is the same in every interpreter: without upvalues, and one that leads to no Swift
// function. NULL for others.
void *nj_standard_function(lua_State *L, int index);
void nj_push_standard_function(lua_State *L, void *function);

// bound.c: functions in Lua alone, through which coroutines can yield
void nj_push_bound(lua_State *L);        // pops function and object; the result puts the object before its arguments
void nj_push_redirecting(lua_State *L);  // pops function, object, stand-in; the result takes the object for the stand-in

// protected.c: each gives a status and leaves its results or the error value on the stack
int nj_pcall(lua_State *L, int arguments, int results, int handler);
// Pushes a handler and the referenced function, with room for ten more values; gives the height of the stack before, or -1, and
// nothing pushed, where it cannot grow.
int nj_push_call(lua_State *L, lua_CFunction handler, int reference);
int nj_gettable(lua_State *L, int index);  // pops the key
int nj_settable(lua_State *L, int index);  // pops key and value
int nj_len(lua_State *L, int index);
int nj_arith(lua_State *L, int op);  // pops two operands, one for a unary operation
int nj_concat(lua_State *L);         // pops two operands
int nj_compare(lua_State *L, int a, int b, int op);  // result: a boolean on the stack
int nj_tostring(lua_State *L, int index);            // pushes what tostring gives
int nj_next(lua_State *L, int index);                // pops the key; pushes key and value, or nil
int nj_load(lua_State *L, const char *bytes, size_t size, const char *name, const char *mode);
void nj_copy_table(lua_State *L, int index, int expected);  // called by Swift: may allocate, cannot raise
bool nj_rawset_checked(lua_State *L, int index);  // false, with both popped, for a nil or NaN key
int nj_dump(lua_State *L, int (*writer)(lua_State *, const void *, size_t, void *), void *data);

// interrupt.c. What other threads may call, they call under one lock for each context, which nj_hooks' met, entered and left take
// too: a thread that has met an interruption, or left, is not signalled any more.
void nj_interrupt(nj_context *context, int severity);  // any thread; what is pending never gets milder
nj_standing nj_stand(nj_context *context);             // any thread
void nj_signal(nj_context *context);                   // any thread: interrupts a blocking call of the thread inside Lua
void nj_starve(nj_context *context);                   // any thread: ends what asks for memory in C
bool nj_is_inside(nj_context *context);                // any thread: whether a thread is inside Lua
int nj_interrupt_pending(nj_context *context);         // any thread
bool nj_must_stop(nj_context *context);  // the thread inside: whether a wait must end, or not begin
void nj_clear_interrupt(nj_context *context);
nj_context *nj_context_here(void);  // the interpreter that the calling thread is inside of; the `outer` ones follow

// hook.c
void nj_set_budget(nj_context *context, int64_t instructions);
void nj_push_interruption(lua_State *L);
void nj_begin_interruption(lua_State *L);  // what a callback that noticed one itself calls before it gives the error
bool nj_is_interruption(lua_State *L, int index);
void nj_note_error(lua_State *L);  // what the handler of a protected call calls: from here on L runs what was to be closed
void nj_name_thread(const char *name);  // a GNU extension that Swift's Glibc does not show

// stdlib.c
void nj_install_overrides(lua_State *L);  // may raise: call it through nj_pcall
int nj_install_overrides_function(lua_State *L);
void nj_hold_output(int milliseconds);  // keeps the locks of stdout and stderr, for the end of the process

// object.c
typedef struct nj_object {
  uint64_t magic;
  void *object;  // one reference; NULL once closed
} nj_object;
#define NJ_OBJECT_MAGIC 0x6e69676874204a41ull
nj_object *nj_push_object(lua_State *L, void *object, int user_values);
static inline nj_object *nj_to_object(lua_State *L, int index) {
  nj_object *held = (nj_object *)lua_touserdata(L, index);
  if (held == NULL || lua_rawlen(L, index) != sizeof(nj_object) || held->magic != NJ_OBJECT_MAGIC) return NULL;
  return held;
}
int nj_object_gc(lua_State *L);
int nj_object_index(lua_State *L);              // upvalues: class, getters, fallback
int nj_object_index_class_first(lua_State *L);  // the same
int nj_object_newindex(lua_State *L);           // upvalues: class, setters, fallback, fields allowed

// members.c: the functions of a class by name, for all interpreters of the process. A class table gets a function when a script
// first asks for it.
typedef struct nj_members nj_members;
nj_members *nj_members_create(size_t count);
// At most `count` times, before the first look. A member without a function is there and has none.
void nj_members_add(nj_members *members, const char *name, size_t size, const nj_shared *function);
enum { NJ_NO_MEMBER, NJ_EMPTY_MEMBER, NJ_PUSHED_MEMBER };
int nj_push_member(lua_State *L, int members, int key);  // indices of a light userdata and of a value
int nj_class_index(lua_State *L);  // __index of class tables; upvalues: members, parent
void nj_push_next(lua_State *L);   // Lua's own next, whatever a script has made of that name
int nj_class_pairs(lua_State *L);  // __pairs of class tables; upvalue: members

// An open file of a script, shared with other threads.
typedef struct nj_file nj_file;
#define NJ_FILE_CLOSED (-1)
// The file at `index`, retained; NULL for anything else. A closed one may be shared, but not written to.
nj_file *nj_share_file(lua_State *L, int index);
void nj_release_file(nj_file *file);
// Writes and flushes. 0, NJ_FILE_CLOSED, or an errno.
int nj_write_file(nj_file *file, const void *bytes, size_t count);
bool nj_file_is_open(nj_file *file);
bool nj_file_is_terminal(nj_file *file);
// 1 if the file at `index` is C's stdout, 2 if stderr, else 0.
int nj_standard_stream(lua_State *L, int index);

// Keys by address, for registry and class tables. Not const, so that no linker folds them into one.
typedef enum nj_key {
  NJ_KEY_EXCEPTION,     // marks exception classes
  NJ_KEY_CLASS,         // marks class tables and metatables of instances
  NJ_KEY_NATIVE_CLASS,  // the Swift object that stands for a class
  NJ_KEY_CAUSE,         // the Swift error behind an exception value
  NJ_KEY_METATABLE,     // the metatable of a class' userdata instances
  NJ_KEY_CONSTRUCTOR,   // how a class makes instances, where that is Swift's
  NJ_KEY_CLASS_NUMBER,  // the number of a class that a script made
  NJ_KEY_OBJECTS,       // userdata by Swift object, weakly
  NJ_KEY_COUNT
} nj_key;
extern char nj_keys[NJ_KEY_COUNT];
static inline const void *nj_key_pointer(nj_key key) { return &nj_keys[key]; }

// By value, because a Swift variable whose address is taken gets a guarded stack frame.
typedef struct nj_integer {
  lua_Integer value;
  bool is_exact;
} nj_integer;
// The integer at `index`, or float with the value of one; no string.
static inline nj_integer nj_to_integer(lua_State *L, int index) {
  int converted = 0;
  lua_Integer value = lua_tointegerx(L, index, &converted);
  return (nj_integer){value, converted && lua_type(L, index) == LUA_TNUMBER};
}

// Macros of lua.h that Swift cannot import.
static inline void nj_pop(lua_State *L, int n) { lua_settop(L, -n - 1); }
static inline int nj_upvalue_index(int i) { return lua_upvalueindex(i); }
static inline int nj_registry_index(void) { return LUA_REGISTRYINDEX; }
static inline void nj_insert(lua_State *L, int index) { lua_rotate(L, index, 1); }
static inline void nj_remove(lua_State *L, int index) { lua_rotate(L, index, -1); nj_pop(L, 1); }
static inline void nj_replace(lua_State *L, int index) { lua_copy(L, -1, index); nj_pop(L, 1); }
static inline int nj_gc(lua_State *L, int what) { return lua_gc(L, what); }
static inline void nj_gc_hurry(lua_State *L, int kilobytes) { lua_gc(L, LUA_GCSTEP, kilobytes); }
static inline int nj_gc_incremental(lua_State *L) { return lua_gc(L, LUA_GCINC, 0, 0, 0); }
static inline int nj_gc_generational(lua_State *L) { return lua_gc(L, LUA_GCGEN, 0, 0); }
static inline void nj_push_globals(lua_State *L) { lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS); }

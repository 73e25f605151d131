// The hook, which Lua calls between two instructions once it is installed: where an interruption is raised.
//
// - Asked: one error that nothing catches; then to-be-closed variables get their turn.
// - A __close handler that runs when somebody asks is first let come to its end.
// - Insisted: every further instruction raises, whatever runs.
//
// Lua switches hooks off while one runs, and a coroutine that ends by an error inside the hook has them off for good: what it left
// to be closed could never be ended. So a coroutine yields from the hook where it can, and its resume closes it (coroutines.c).
#include "internal.h"
#include <errno.h>
#include <string.h>

enum {
  BUDGET_SPAN = 64,    // instructions between two looks at the budget; a coroutine's resume is charged one span in advance
  SHIELD_SPAN = 1000,  // between two looks whether a handler that failed still runs
  SHIELD_DEPTH = 200   // activations searched for a handler: each look costs as many steps as it is deep
};

static const char interruption_key;

static void hook(lua_State *L, lua_Debug *activation);

static void set_hook(lua_State *L, int count) { lua_sethook(L, hook, LUA_MASKCOUNT, count); }

// From the signal handler; lua_sethook is made for that.
void nj_install_hook_in_handler(lua_State *L) { set_hook(L, 1); }

void nj_install_hook(lua_State *L) {
  set_hook(L, 1);
  nj_hook_table.entered(nj_context_of(L)->owner);
}

// MARK: Budget

static int next_span(nj_context *c) { return c->budget < BUDGET_SPAN ? (c->budget > 0 ? (int)c->budget : 1) : BUDGET_SPAN; }

// Nothing to interrupt: only the budget is watched, if there is one.
static void relax(lua_State *L, nj_context *c) {
  if (c->budget >= 0) set_hook(L, next_span(c));
  else lua_sethook(L, NULL, 0, 0);
}

void nj_set_budget(nj_context *c, int64_t instructions) {
  c->budget = instructions;
  relax(c->running, c);
}

void nj_arm_coroutine(lua_State *co) {
  nj_context *c = nj_context_of(co);
  if (c->budget >= 0) {
    c->budget = c->budget > BUDGET_SPAN ? c->budget - BUDGET_SPAN : 0;
    set_hook(co, c->budget == 0 ? 1 : BUDGET_SPAN);
  }
  nj_arm(co, c);
}

static bool spend(lua_State *L, nj_context *c) {
  int span = lua_gethookcount(L);
  c->budget = c->budget > span ? c->budget - span : 0;
  if (c->budget == 0) return true;
  set_hook(L, next_span(c));
  return false;
}

// MARK: The shield of __close handlers

static bool is_lua_function(lua_State *L, lua_Debug *activation) {
  lua_getinfo(L, "f", activation);
  bool is_one = !lua_iscfunction(L, -1);
  lua_pop(L, 1);
  return is_one;
}

// Whether the function at `level` is a __close handler that Lua has called. On the normal way out of a block Lua knows its name.
// An error on its way calls handlers from the protected call that will catch it, above the function that was called there: that
// one's place is among the protected call's values again.
static bool is_close_handler(lua_State *L, int level, lua_Debug *activation) {
  lua_getinfo(L, "n", activation);
  if (activation->name != NULL)
    return strcmp(activation->namewhat, "metamethod") == 0 && strcmp(activation->name, "close") == 0;
  lua_Debug caller;
  if (!lua_getstack(L, level + 1, &caller)) return false;
  lua_getinfo(L, "f", &caller);
  int place = nj_place_of_protected(lua_tocfunction(L, -1));
  lua_pop(L, 1);
  if (place == 0 || lua_getlocal(L, &caller, place) == NULL) return false;
  lua_pop(L, 1);
  return true;
}

// Functions in C and Swift see to themselves.
static bool runs_close_handler(lua_State *L, nj_context *c, int level) {
  if (!lua_checkstack(L, 4)) return false;
  lua_Debug activation;
  for (int end = level + SHIELD_DEPTH; level < end && lua_getstack(L, level, &activation); level++) {
    if (!is_lua_function(L, &activation)) continue;
    // An error goes through the outermost call, or a coroutine is being closed: then nothing else runs.
    if (c->unwinding == L || is_close_handler(L, level, &activation)) return true;
  }
  return false;
}

void nj_note_error(lua_State *L) { nj_context_of(L)->unwinding = L; }

static lua_State *find_shield(lua_State *L, nj_context *c, int level) {
  if (runs_close_handler(L, c, level)) return L;
  // A handler may have resumed this coroutine.
  for (nj_resumption *r = c->resumption; r != NULL; r = r->outer)
    if (runs_close_handler(r->resumer, c, 0)) return r->resumer;
  return NULL;
}

bool nj_is_shielded(lua_State *L, nj_context *c, int level) {
  lua_State *before = atomic_load(&c->shield);
  lua_State *shield = before != NULL && before != L ? before : find_shield(L, c, level);
  atomic_store(&c->shield, shield);
  if (shield == NULL) return false;
  if (before == NULL) nj_meet_interruption(c);
  if (before == NULL || before == L) lua_sethook(shield, hook, LUA_MASKRET | LUA_MASKCOUNT, SHIELD_SPAN);
  return true;
}

void nj_unshield(nj_context *c, lua_State *co) {
  if (atomic_load_explicit(&c->shield, memory_order_relaxed) == co) atomic_store(&c->shield, NULL);
}

// MARK: Raising

static void begin(lua_State *L, nj_context *c, int severity) {
  int before = c->interrupting;
  atomic_store(&c->interrupting, severity);
  atomic_store(&c->shield, NULL);
  if (before == severity) return;
  if (before == NJ_RUN) {
    c->host++;
    nj_hook_table.interrupted(L);
    c->host--;
  }
  nj_meet_interruption(c);
}

void nj_begin_interruption(lua_State *L) {
  nj_context *c = nj_context_of(L);
  nj_inherit_interruption(c);
  int severity = atomic_load(&c->interrupt);
  if (severity == NJ_RUN) severity = NJ_ASK;
  begin(L, c, severity);
  c->attention |= NJ_INTERRUPTING;
  if (severity == NJ_ASK) relax(L, c);
}

static void raise_from_hook(lua_State *L, nj_context *c) {
  if (L == c->running && lua_isyieldable(L)) {
    c->yielded = true;
    lua_yield(L, 0);
    return;
  }
  c->unhooked = L;
  nj_push_interruption(L);
  lua_error(L);
}

static void hook(lua_State *L, lua_Debug *activation) {
  nj_context *c = nj_context_of(L);
  int severity = atomic_load(&c->interrupt);
  if (activation->event == LUA_HOOKRET) {
    // A function returns while a handler is shielded. The instruction after the handler's return looks again.
    if (severity == NJ_ASK && atomic_load(&c->shield) == L && runs_close_handler(L, c, 1)) return;
    nj_unshield(c, L);
    return set_hook(L, 1);
  }
  bool is_met = severity == NJ_RUN || (severity == NJ_ASK && c->interrupting == NJ_ASK);
  if (is_met && c->budget >= 0) {
    if (!spend(L, c)) return;
    // What ran out stays out: nothing that catches the error gets further.
    severity = NJ_INSIST;
    atomic_store(&c->interrupt, severity);
  } else if (is_met) {
    return lua_sethook(L, NULL, 0, 0);
  }
  if (severity == NJ_ASK && nj_is_shielded(L, c, 0)) {
    if (atomic_load(&c->shield) != L) relax(L, c);
    return;
  }
  begin(L, c, severity);
  // Asked once: to-be-closed variables get their turn. Insisted: every further instruction raises again.
  if (severity == NJ_ASK) relax(L, c);
  raise_from_hook(L, c);
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
  nj_context *c = nj_context_of(L);
  // A protected call was in between, which restored the hooks.
  if (c->unhooked == L) c->unhooked = NULL;
  nj_push_interruption(L);
  return lua_error(L);
}

// Whether an error is what a call says that the signal has ended.
static bool tells_of_signal(lua_State *L) {
  if (lua_type(L, -1) != LUA_TSTRING) return false;
  size_t size;
  const char *text = lua_tolstring(L, -1, &size), *end = strerror(EINTR);
  return size >= strlen(end) && strcmp(text + size - strlen(end), end) == 0;
}

int nj_settle_error(lua_State *L, nj_context *c, int status, int entered) {
  int asked = atomic_load(&c->interrupt);
  if (asked == NJ_RUN || nj_is_interruption(L, -1)) return status;
  bool is_interrupting = c->interrupting > entered;
  if (!is_interrupting && asked != NJ_INSIST && !(asked > c->interrupting && tells_of_signal(L))) return status;
  if (!is_interrupting) nj_begin_interruption(L);
  lua_pop(L, 1);
  nj_push_interruption(L);
  return LUA_ERRRUN;
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

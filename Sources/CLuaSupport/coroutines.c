// The functions that catch errors or switch coroutines. They differ from Lua's own in three points: the running
// coroutine is known to the signal handler, an interruption is handed on, and closing is bounded in depth.
#include "internal.h"

// Lua 5.4.4 counts the C calls of a coroutine that is closed from where it was last resumed, so nested closes start anew each
// time and take C stack uncounted: up to 200 calls each. Hence a bound in bytes beside the one in levels.
enum { MAXIMUM_CLOSE_DEPTH = 180, MAXIMUM_CLOSE_STACK = 128 << 10 };

static bool must_hand_on(nj_context *c, int entered) { return c->interrupting > entered; }

static int finish_pcall(lua_State *L, int status, lua_KContext context) {
  int below = (int)(context >> 2), entered = (int)(context & 3);
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - below;
  if (must_hand_on(nj_context_of(L), entered)) return nj_raise_interruption(L);
  lua_pushboolean(L, 0);
  lua_insert(L, -2);
  return 2;
}

static lua_KContext pcall_context(lua_State *L, int below) {
  return ((lua_KContext)below << 2) | nj_context_of(L)->interrupting;
}

static int pcall_handing_on(lua_State *L) {
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  lua_KContext context = pcall_context(L, 0);
  int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, context, finish_pcall);
  return finish_pcall(L, status, context);
}

// A handler runs where the error was raised, for an interruption inside the hook, where hooks are off: an endless handler could
// not be ended. So it never sees one.
static int handle_unless_interrupted(lua_State *L) {
  if (nj_is_interruption(L, 1)) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

static int xpcall_handing_on(lua_State *L) {
  int n = lua_gettop(L);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  if (!lua_iscfunction(L, 2)) {
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle_unless_interrupted, 1);
    lua_replace(L, 2);
  }
  lua_pushboolean(L, 1);
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2);
  lua_KContext context = pcall_context(L, 2);
  int status = lua_pcallk(L, n - 2, LUA_MULTRET, 2, context, finish_pcall);
  return finish_pcall(L, status, context);
}

int nj_place_of_protected(lua_CFunction function) {
  return function == pcall_handing_on ? 2 : function == xpcall_handing_on ? 4 : 0;
}

static lua_State *check_coroutine(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "thread");
  return co;
}

static int close_bounded(lua_State *L, lua_State *co);

// A coroutine that an interruption has ended closes what it left, which in Lua its owner would do, and the interruption goes on. Where
// the hook raised across a C function, hooks stay off in the coroutine for good, and a handler could never be ended: there what
// it left is not run.
static int end_interrupted(lua_State *L, nj_context *c, lua_State *co) {
  bool can_close = c->unhooked != co;
  c->unhooked = NULL;
  c->yielded = false;
  if (can_close) close_bounded(L, co);
  return nj_raise_interruption(L);
}

// Gives the number of results moved to L, or -1 with the error value moved.
int nj_auxresume(lua_State *L, lua_State *co, int arguments) {
  nj_context *c = nj_context_of(L);
  if (!lua_checkstack(co, arguments)) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, co, arguments);
  int entered = c->interrupting, results;
  lua_State *running = c->running;
  nj_resumption resumption = {L, c->resumption};
  c->running = co;
  c->resumption = &resumption;
  nj_arm_coroutine(co);
  int status = lua_resume(co, L, arguments, &results);
  c->running = running;
  c->resumption = resumption.outer;
  nj_unshield(c, co);
  nj_arm(L, c);
  if (__builtin_expect(c->yielded, 0)) return end_interrupted(L, c, co);
  if (status != LUA_OK && status != LUA_YIELD) {
    if (must_hand_on(c, entered)) return end_interrupted(L, c, co);
    lua_xmove(co, L, 1);
    return -1;
  }
  if (!lua_checkstack(L, results + 1)) {
    lua_pop(co, results);
    lua_pushliteral(L, "too many results to resume");
    return -1;
  }
  lua_xmove(co, L, results);
  return results;
}

static int resume(lua_State *L) {
  lua_State *co = check_coroutine(L);
  int results = nj_auxresume(L, co, lua_gettop(L) - 1);
  lua_pushboolean(L, results >= 0);
  if (results < 0) results = 1;
  lua_insert(L, -(results + 1));
  return results + 1;
}

static void check_close_depth(lua_State *L, nj_context *c) {
  const char *here = __builtin_frame_address(0);
  if (c->close_depth == 0) c->close_base = here;
  if (c->close_depth >= MAXIMUM_CLOSE_DEPTH || c->close_base - here > MAXIMUM_CLOSE_STACK) luaL_error(L, "C stack overflow");
}

// Whether it was ended by an interruption and could not be closed.
static bool was_interrupted(lua_State *co) {
  int status = lua_status(co);
  return status != LUA_OK && status != LUA_YIELD && lua_gettop(co) > 0 && nj_is_interruption(co, -1);
}

// Closes `co` with its to-be-closed variables; the status is Lua's.
static int close_bounded(lua_State *L, lua_State *co) {
  nj_context *c = nj_context_of(L);
  check_close_depth(L, c);
  int entered = c->interrupting;
  lua_State *running = c->running, *unwinding = c->unwinding;
  nj_resumption resumption = {L, c->resumption};
  c->close_depth++;
  c->running = c->unwinding = co;
  c->resumption = &resumption;
  nj_arm_coroutine(co);
  int status = lua_resetthread(co);
  c->running = running;
  c->unwinding = unwinding;
  c->resumption = resumption.outer;
  c->close_depth--;
  if (c->unhooked == co) c->unhooked = NULL;
  nj_unshield(c, co);
  nj_arm(L, c);
  if (status != LUA_OK && must_hand_on(c, entered)) nj_raise_interruption(L);
  return status;
}

static int call_wrapped(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int results = nj_auxresume(L, co, lua_gettop(L));
  if (results >= 0) return results;
  int status = lua_status(co);
  if (status != LUA_OK && status != LUA_YIELD) {
    status = close_bounded(L, co);
    lua_xmove(co, L, 1);
  }
  if (status != LUA_ERRMEM && lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, call_wrapped, 1);
  return 1;
}

static const char *status_name(lua_State *L, lua_State *co) {
  lua_Debug activation;
  if (L == co) return "running";
  switch (lua_status(co)) {
  case LUA_YIELD: return "suspended";
  case LUA_OK:
    if (lua_getstack(co, 0, &activation)) return "normal";
    return lua_gettop(co) == 0 ? "dead" : "suspended";
  default: return "dead";
  }
}

static int close_coroutine(lua_State *L) {
  lua_State *co = check_coroutine(L);
  const char *status = status_name(L, co);
  if (*status != 's' && *status != 'd') return luaL_error(L, "cannot close a %s coroutine", status);
  if (was_interrupted(co)) {
    if (nj_context_of(L)->interrupting) return nj_raise_interruption(L);
    lua_pushboolean(L, 0);
    lua_pushliteral(L, "cannot close an interrupted coroutine");
    return 2;
  }
  bool closed = close_bounded(L, co) == LUA_OK;
  lua_pushboolean(L, closed);
  if (closed) return 1;
  lua_xmove(co, L, 1);
  return 2;
}

void nj_install_coroutine_overrides(lua_State *L) {
  static const luaL_Reg catching[] = {{"pcall", pcall_handing_on}, {"xpcall", xpcall_handing_on}, {NULL, NULL}};
  static const luaL_Reg switching[] = {{"resume", resume}, {"wrap", wrap}, {"close", close_coroutine}, {NULL, NULL}};
  lua_pushglobaltable(L);
  if (lua_getfield(L, -1, "pcall") == LUA_TFUNCTION) {
    lua_pop(L, 1);
    luaL_setfuncs(L, catching, 0);
  } else {
    lua_pop(L, 1);
  }
  if (lua_getfield(L, -1, LUA_COLIBNAME) == LUA_TTABLE) luaL_setfuncs(L, switching, 0);
  lua_pop(L, 2);
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

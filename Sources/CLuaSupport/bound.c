// Functions that carry the object they work on. Plain Lua closures, so that the collector sees through them.
#include "internal.h"

static int finish_call(lua_State *L, int status, lua_KContext below) {
  (void)status, (void)below;
  return lua_gettop(L);
}

static int call_bound(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_rotate(L, 1, 2);
  lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, finish_call);
  return lua_gettop(L);
}

static int call_redirecting(lua_State *L) {
  if (lua_gettop(L) > 0 && lua_rawequal(L, 1, lua_upvalueindex(3))) {
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_replace(L, 1);
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, finish_call);
  return lua_gettop(L);
}

void nj_push_bound(lua_State *L) { lua_pushcclosure(L, call_bound, 2); }

void nj_push_redirecting(lua_State *L) { lua_pushcclosure(L, call_redirecting, 3); }

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

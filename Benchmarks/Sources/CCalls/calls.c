#include "CCalls.h"
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

static int add(lua_State *L) {
  lua_Integer a = luaL_checkinteger(L, 1), b = luaL_checkinteger(L, 2);
  lua_pushinteger(L, a + b);
  return 1;
}

static int handle(lua_State *L) {
  luaL_traceback(L, L, lua_tostring(L, 1), 1);
  return 1;
}

static int fail(lua_State *L) {
  fprintf(stderr, "calls: %s\n", lua_tostring(L, -1));
  lua_close(L);
  return 1;
}

int calls_from_lua(const char *source, long turns) {
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  lua_register(L, "add", add);
  if (luaL_loadstring(L, source) != LUA_OK) return fail(L);
  lua_pushinteger(L, turns);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) return fail(L);
  lua_close(L);
  return 0;
}

long calls_into_lua(const char *source, long turns, int with_handler) {
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  if (luaL_loadstring(L, source) != LUA_OK || lua_pcall(L, 0, 1, 0) != LUA_OK) return -fail(L);
  int function = luaL_ref(L, LUA_REGISTRYINDEX), top = lua_gettop(L);
  long sum = 0;
  for (long turn = 0; turn < turns; turn++) {
    int handler = 0, exact;
    if (with_handler) {
      lua_pushcfunction(L, handle);
      handler = top + 1;
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, function);
    lua_pushinteger(L, turn);
    lua_pushinteger(L, 1);
    if (lua_pcall(L, 2, 1, handler) != LUA_OK) return -fail(L);
    sum += lua_tointegerx(L, -1, &exact);
    if (!exact) return -fail(L);
    lua_settop(L, top);
  }
  lua_close(L);
  return sum;
}

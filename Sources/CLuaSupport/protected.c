#include "internal.h"
#include <math.h>
#include <string.h>

int nj_pcall(lua_State *L, int arguments, int results, int handler) {
  nj_context *c = nj_context_of(L);
  nj_context *outer = nj_enter_context(c);
  lua_State *running = c->running, *unwinding = c->unwinding;
  int host = c->host, depth = c->close_depth, entered = c->interrupting;
  c->running = L;
  c->host = 0;
  nj_arm(L, c);
  int status = lua_pcallk(L, arguments, results, handler, 0, NULL);
  c->host = host;
  c->running = running;
  c->unwinding = unwinding;
  if (__builtin_expect(status != LUA_OK, 0)) {
    c->close_depth = depth;
    status = nj_settle_error(L, c, status, entered);
    // Whatever Swift makes of it: when the function returns that called this, the interruption goes on.
    if (c->interrupting > entered && outer == c) c->attention |= NJ_INTERRUPTING;
  }
  nj_leave_context(c, outer);
  return status;
}

int nj_push_call(lua_State *L, lua_CFunction handler, int reference) {
  int top = lua_gettop(L);
  // A C function has LUA_MINSTACK slots beyond its arguments, and the base of a stack as many.
  if (top > LUA_MINSTACK - 12 && !lua_checkstack(L, 16)) return -1;
  lua_pushcfunction(L, handler);
  lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
  return top;
}

// Calls `function` under protection with what the stack's top `arguments` values are.
static int protect(lua_State *L, lua_CFunction function, int arguments, int results) {
  lua_pushcfunction(L, function);
  lua_insert(L, -arguments - 1);
  return nj_pcall(L, arguments, results, 0);
}

static int op_gettable(lua_State *L) {
  lua_gettable(L, 1);
  return 1;
}

int nj_gettable(lua_State *L, int index) {
  index = lua_absindex(L, index);
  if (lua_istable(L, index)) {
    lua_pushvalue(L, -1);
    if (lua_rawget(L, index) != LUA_TNIL || !lua_getmetatable(L, index)) {
      lua_replace(L, -2);
      return LUA_OK;
    }
    lua_pop(L, 2);
  }
  lua_pushvalue(L, index);
  lua_insert(L, -2);
  return protect(L, op_gettable, 2, 1);
}

static int op_settable(lua_State *L) {
  lua_settable(L, 1);
  return 0;
}

int nj_settable(lua_State *L, int index) {
  index = lua_absindex(L, index);
  if (lua_istable(L, index)) {
    if (!lua_getmetatable(L, index)) {
      int type = lua_type(L, -2);
      if (type != LUA_TNIL && type != LUA_TNUMBER) {
        lua_rawset(L, index);
        return LUA_OK;
      }
    } else {
      lua_pop(L, 1);
    }
  }
  lua_pushvalue(L, index);
  lua_insert(L, -3);
  return protect(L, op_settable, 3, 0);
}

static int op_len(lua_State *L) {
  lua_len(L, 1);
  return 1;
}

int nj_len(lua_State *L, int index) {
  lua_pushvalue(L, index);
  return protect(L, op_len, 1, 1);
}

static int op_arith(lua_State *L) {
  int op = (int)lua_tointeger(L, -1);
  lua_pop(L, 1);
  lua_arith(L, op);
  return 1;
}

int nj_arith(lua_State *L, int op) {
  lua_pushinteger(L, op);
  return protect(L, op_arith, op == LUA_OPUNM || op == LUA_OPBNOT ? 2 : 3, 1);
}

static int op_concat(lua_State *L) {
  lua_concat(L, 2);
  return 1;
}

int nj_concat(lua_State *L) { return protect(L, op_concat, 2, 1); }

static int op_compare(lua_State *L) {
  lua_pushboolean(L, lua_compare(L, 1, 2, (int)lua_tointeger(L, 3)));
  return 1;
}

int nj_compare(lua_State *L, int a, int b, int op) {
  a = lua_absindex(L, a);
  b = lua_absindex(L, b);
  lua_pushvalue(L, a);
  lua_pushvalue(L, b);
  lua_pushinteger(L, op);
  return protect(L, op_compare, 3, 1);
}

static int op_tostring(lua_State *L) {
  luaL_tolstring(L, 1, NULL);
  return 1;
}

int nj_tostring(lua_State *L, int index) {
  lua_pushvalue(L, index);
  return protect(L, op_tostring, 1, 1);
}

static int op_next(lua_State *L) {
  lua_settop(L, 2);
  if (lua_next(L, 1)) return 2;
  lua_pushnil(L);
  return 1;
}

int nj_next(lua_State *L, int index) {
  lua_pushvalue(L, index);
  lua_insert(L, -2);
  return protect(L, op_next, 2, LUA_MULTRET);
}

typedef struct {
  const char *bytes;
  size_t size;
} source;

static const char *read_source(lua_State *L, void *data, size_t *size) {
  (void)L;
  source *s = data;
  *size = s->size;
  s->size = 0;
  return *size ? s->bytes : NULL;
}

int nj_load(lua_State *L, const char *bytes, size_t size, const char *name, const char *mode) {
  nj_context *c = nj_context_of(L);
  source s = {bytes, size};
  lua_State *unwinding = c->unwinding;
  int host = c->host;
  // The parser runs under lua_load's own protection, and scripts can make it ask for any amount.
  c->host = 0;
  int status = lua_load(L, read_source, &s, name, mode);
  c->host = host;
  // An error went to the handler of the protected call around, but no further.
  c->unwinding = unwinding;
  return status;
}

void nj_copy_table(lua_State *L, int index, int expected) {
  index = lua_absindex(L, index);
  lua_createtable(L, 0, expected);
  int copy = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, index);) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, copy);
  }
}

bool nj_rawset_checked(lua_State *L, int index) {
  index = lua_absindex(L, index);
  int type = lua_type(L, -2);
  if (type == LUA_TNIL || (type == LUA_TNUMBER && isnan(lua_tonumber(L, -2)))) {
    lua_pop(L, 2);
    return false;
  }
  lua_rawset(L, index);
  return true;
}

int nj_dump(lua_State *L, int (*writer)(lua_State *, const void *, size_t, void *), void *data) {
  return lua_dump(L, writer, data, 0);
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

#include "internal.h"

typedef struct nj_function {
  uint64_t magic;
  nj_swift_function call;
  void *object;
} nj_function;
#define NJ_FUNCTION_MAGIC 0x6e69676874204a42ull

static const char function_metatable_key;

// Raises LUA_ERRMEM itself, so that a memory error is one wherever it was noticed.
static int raise_memory_error(lua_State *L, nj_context *c) {
  c->fail_after = 0;
  c->fail_count = 2;  // Lua collects and tries again before it gives up
  lua_newuserdatauv(L, 1, 0);
  return luaL_error(L, "not enough memory");
}

int nj_settle(lua_State *L, nj_context *c) {
  if (c->attention & NJ_INTERRUPTING) return nj_raise_interruption(L);
  if (c->attention & NJ_OVER_LIMIT) {
    c->attention &= ~NJ_OVER_LIMIT;
    lua_gc(L, LUA_GCCOLLECT);
    if (c->limit != 0 && c->used > c->limit) return raise_memory_error(L, c);
  }
  // Inside a finalizer every question to the collector is answered by -1: the next callback outside looks again.
  if ((c->attention & NJ_PENDING) && lua_gc(L, LUA_GCCOUNT) >= 0) {
    c->attention &= ~NJ_PENDING;
    c->host++;
    nj_hook_table.safe_point(L);
    c->host--;
    if (c->attention & NJ_INTERRUPTING) return nj_raise_interruption(L);
  }
  return 0;
}

int nj_safe_point(lua_State *L) {
  nj_context *c = nj_context_of(L);
  return c->attention ? nj_settle(L, c) : 0;
}

static int enter_swift(lua_State *L) {
  nj_context *c = nj_context_of(L);
  nj_function *f = lua_touserdata(L, lua_upvalueindex(1));
  c->host++;
  int results = f->call(L, f->object);
  c->host--;
  if (__builtin_expect(results < 0 || c->attention, 0)) {
    if (c->attention) nj_settle(L, c);
    if (results < 0) return lua_error(L);
  }
  return results;
}

static int collect_function(lua_State *L) {
  nj_function *f = lua_touserdata(L, 1);
  nj_context *c = nj_context_of(L);
  void *object = f->object;
  f->object = NULL;
  if (object != NULL) {
    c->host++;
    nj_hook_table.release(object);
    c->host--;
  }
  return 0;
}

// Called by Swift: may allocate, cannot raise.
void nj_push_function(lua_State *L, nj_swift_function call, void *object) {
  nj_function *f = lua_newuserdatauv(L, sizeof *f, 0);
  *f = (nj_function){NJ_FUNCTION_MAGIC, call, object};
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &function_metatable_key) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, collect_function);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &function_metatable_key);
  }
  lua_setmetatable(L, -2);
  lua_pushcclosure(L, enter_swift, 1);
}

bool nj_is_callback(lua_State *L, int index) { return lua_tocfunction(L, index) == enter_swift; }

int nj_throw(lua_State *L, const char *class_name, const char *message) {
  nj_context *c = nj_context_of(L);
  c->host++;
  nj_hook_table.push_exception(L, class_name, message);
  c->host--;
  return lua_error(L);
}

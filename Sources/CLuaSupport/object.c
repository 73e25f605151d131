// Userdata that hold one reference to a Swift object, and how their attributes are found.
#include "internal.h"

char nj_keys[NJ_KEY_COUNT];

nj_object *nj_push_object(lua_State *L, void *object, int user_values) {
  nj_object *held = lua_newuserdatauv(L, sizeof *held, user_values);
  *held = (nj_object){NJ_OBJECT_MAGIC, object};
  return held;
}

int nj_object_gc(lua_State *L) {
  nj_object *held = nj_to_object(L, 1);
  if (held == NULL || held->object == NULL) return 0;
  nj_context *c = nj_context_of(L);
  void *object = held->object;
  held->object = NULL;
  c->host++;
  nj_hook_table.release(object);
  c->host--;
  return 0;
}

// Order, as in Python: properties of the class, then fields of the instance, then what the class has; last, items.
int nj_object_index(lua_State *L) {
  lua_settop(L, 2);
  if (nj_push_member(L, lua_upvalueindex(2), 2) == NJ_PUSHED_MEMBER) {
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    return 1;
  }
  if (lua_type(L, 1) == LUA_TUSERDATA && lua_getiuservalue(L, 1, 1) == LUA_TTABLE) {
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL) return 1;
  }
  lua_settop(L, 2);
  lua_pushvalue(L, 2);
  if (lua_gettable(L, lua_upvalueindex(1)) != LUA_TNIL || lua_isnil(L, lua_upvalueindex(3))) return 1;
  lua_pushvalue(L, lua_upvalueindex(3));
  lua_insert(L, 1);
  lua_settop(L, 3);
  lua_call(L, 2, 1);
  return 1;
}

// The class and its ancestors first, which is what nearly all accesses want: for classes whose instances have no fields of their own,
// or none that hide methods.
int nj_object_index_class_first(lua_State *L) {
  lua_pushvalue(L, 2);  // an __index is called with two arguments
  if (lua_gettable(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  return nj_object_index(L);
}

static int refuse_attribute(lua_State *L, bool exists) {
  lua_getfield(L, lua_upvalueindex(1), "__name");
  const char *class_name = lua_tostring(L, -1);
  const char *key = luaL_tolstring(L, 2, NULL);
  const char *message = lua_pushfstring(
      L, exists ? "attribute '%s' of '%s' objects is not writable" : "no attribute '%s' to set in '%s' objects", key,
      class_name ? class_name : "?");
  return nj_throw(L, "AttributeError", message);
}

int nj_object_newindex(lua_State *L) {
  lua_settop(L, 3);
  switch (nj_push_member(L, lua_upvalueindex(2), 2)) {
    case NJ_EMPTY_MEMBER: return refuse_attribute(L, true);
    case NJ_PUSHED_MEMBER:
      lua_pushvalue(L, 1);
      lua_pushvalue(L, 3);
      lua_call(L, 2, 0);
      return 0;
  }
  if (!lua_isnil(L, lua_upvalueindex(3))) {
    lua_pushvalue(L, lua_upvalueindex(3));
    lua_insert(L, 1);
    lua_call(L, 3, 0);
    return 0;
  }
  if (!lua_toboolean(L, lua_upvalueindex(4)) || lua_type(L, 1) != LUA_TUSERDATA) return refuse_attribute(L, false);
  if (lua_getiuservalue(L, 1, 1) != LUA_TTABLE) {
    lua_createtable(L, 0, 4);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, 1);
  }
  lua_replace(L, 1);
  lua_settop(L, 3);
  // `1` is the table of fields now: rawset, because it never has a metatable.
  lua_settable(L, 1);
  return 0;
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

// The functions of a class by name, described once for all interpreters of the process. Few scripts use more than a handful of what a
// class has, so class tables start without functions and take each from here when a script first asks for it.
#include "internal.h"
#include <stdlib.h>
#include <string.h>

#define MAGIC 0x6e6a206d656d6273ull

typedef struct member {
  const char *name;  // NULL: free
  size_t size;
  const nj_shared *function;
} member;

struct nj_members {
  uint64_t magic;
  size_t mask;
  member slots[];  // by hash, at most half of them taken
};

static size_t hash(const char *name, size_t size) {
  size_t h = size;
  for (size_t i = 0; i < size; i++) h = (h ^ (unsigned char)name[i]) * 0x100000001b3ull;
  return h ^ h >> 29;
}

nj_members *nj_members_create(size_t count) {
  size_t room = 4;
  while (room < 2 * count) room *= 2;
  nj_members *m = calloc(1, sizeof *m + room * sizeof *m->slots);
  if (m == NULL) abort();
  m->magic = MAGIC;
  m->mask = room - 1;
  return m;
}

static member *slot(nj_members *m, const char *name, size_t size) {
  for (size_t i = hash(name, size);; i++) {
    member *found = &m->slots[i & m->mask];
    if (found->name == NULL || (found->size == size && memcmp(found->name, name, size) == 0)) return found;
  }
}

void nj_members_add(nj_members *m, const char *name, size_t size, const nj_shared *function) {
  member *added = slot(m, name, size);
  if (added->name == NULL) {
    char *copy = malloc(size + 1);
    if (copy == NULL) abort();
    memcpy(copy, name, size);
    copy[size] = 0;
    *added = (member){copy, size, NULL};
  }
  added->function = function;
}

static nj_members *to_members(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TLIGHTUSERDATA) return NULL;
  nj_members *m = lua_touserdata(L, index);
  // The debug library can put any other pointer here.
  return m->magic == MAGIC ? m : NULL;
}

int nj_push_member(lua_State *L, int members, int key) {
  nj_members *m = to_members(L, members);
  if (m == NULL || lua_type(L, key) != LUA_TSTRING) return NJ_NO_MEMBER;
  size_t size;
  const char *name = lua_tolstring(L, key, &size);
  member *found = slot(m, name, size);
  if (found->name == NULL) return NJ_NO_MEMBER;
  if (found->function == NULL) return NJ_EMPTY_MEMBER;
  nj_push_shared(L, found->function);
  return NJ_PUSHED_MEMBER;
}

int nj_class_index(lua_State *L) {
  lua_settop(L, 2);
  if (nj_push_member(L, lua_upvalueindex(1), 2) == NJ_PUSHED_MEMBER) {
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_rawset(L, 1);
    return 1;
  }
  if (lua_type(L, lua_upvalueindex(2)) != LUA_TTABLE) return 0;
  lua_gettable(L, lua_upvalueindex(2));
  return 1;
}

static int next(lua_State *L) {
  lua_settop(L, 2);
  if (lua_next(L, 1)) return 2;
  lua_pushnil(L);
  return 1;
}

void nj_push_next(lua_State *L) { lua_pushcfunction(L, next); }

int nj_class_pairs(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  nj_members *m = to_members(L, lua_upvalueindex(1));
  for (size_t i = 0; m != NULL && i <= m->mask; i++) {
    if (m->slots[i].function == NULL) continue;
    lua_pushlstring(L, m->slots[i].name, m->slots[i].size);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, 1) == LUA_TNIL) {
      lua_pop(L, 1);
      nj_push_shared(L, m->slots[i].function);
      lua_rawset(L, 1);
    } else {
      lua_pop(L, 2);
    }
  }
  nj_push_next(L);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

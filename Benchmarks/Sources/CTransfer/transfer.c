#include "CTransfer.h"
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct message {
  struct message *next;
  size_t size;
  unsigned char bytes[];
} message;

static message *first, **last = &first;

typedef struct {
  unsigned char *bytes;
  size_t size, room;
} buffer;

enum { TAG_NIL, TAG_FALSE, TAG_TRUE, TAG_INTEGER, TAG_NUMBER, TAG_STRING, TAG_TABLE };

static unsigned char *grow(buffer *b, size_t count) {
  if (b->size + count > b->room) {
    while (b->size + count > b->room) b->room *= 2;
    b->bytes = realloc(b->bytes, b->room);
  }
  b->size += count;
  return b->bytes + b->size - count;
}

static void write_tag(buffer *b, int tag) { *grow(b, 1) = (unsigned char)tag; }

static void write_number(buffer *b, int tag, const void *value) {
  unsigned char *at = grow(b, 9);
  *at = (unsigned char)tag;
  memcpy(at + 1, value, 8);
}

static void encode(lua_State *L, int index, buffer *b) {
  switch (lua_type(L, index)) {
  case LUA_TNIL: write_tag(b, TAG_NIL); break;
  case LUA_TBOOLEAN: write_tag(b, lua_toboolean(L, index) ? TAG_TRUE : TAG_FALSE); break;
  case LUA_TNUMBER:
    if (lua_isinteger(L, index)) {
      lua_Integer value = lua_tointeger(L, index);
      write_number(b, TAG_INTEGER, &value);
    } else {
      lua_Number value = lua_tonumber(L, index);
      write_number(b, TAG_NUMBER, &value);
    }
    break;
  case LUA_TSTRING: {
    size_t size;
    const char *text = lua_tolstring(L, index, &size);
    unsigned char *at = grow(b, 5 + size);
    uint32_t count = (uint32_t)size;
    *at = TAG_STRING;
    memcpy(at + 1, &count, 4);
    memcpy(at + 5, text, size);
    break;
  }
  case LUA_TTABLE: {
    luaL_checkstack(L, 8, "nesting");
    uint32_t counts[2] = {(uint32_t)lua_rawlen(L, index), 0};
    write_tag(b, TAG_TABLE);
    grow(b, 8);
    size_t at = b->size - 8;
    lua_pushnil(L);
    while (lua_next(L, index)) {
      int top = lua_gettop(L);
      encode(L, top - 1, b);
      encode(L, top, b);
      lua_settop(L, top - 1);
      counts[1]++;
    }
    memcpy(b->bytes + at, counts, 8);
    break;
  }
  default: luaL_error(L, "cannot encode a %s", luaL_typename(L, index));
  }
}

static const unsigned char *decode(lua_State *L, const unsigned char *at) {
  switch (*at++) {
  case TAG_NIL: lua_pushnil(L); return at;
  case TAG_FALSE: lua_pushboolean(L, 0); return at;
  case TAG_TRUE: lua_pushboolean(L, 1); return at;
  case TAG_INTEGER: {
    lua_Integer value;
    memcpy(&value, at, 8);
    lua_pushinteger(L, value);
    return at + 8;
  }
  case TAG_NUMBER: {
    lua_Number value;
    memcpy(&value, at, 8);
    lua_pushnumber(L, value);
    return at + 8;
  }
  case TAG_STRING: {
    uint32_t count;
    memcpy(&count, at, 4);
    lua_pushlstring(L, (const char *)at + 4, count);
    return at + 4 + count;
  }
  default: {
    uint32_t counts[2];
    memcpy(counts, at, 8);
    at += 8;
    luaL_checkstack(L, 8, "nesting");
    lua_createtable(L, (int)counts[0], (int)(counts[1] - counts[0]));
    for (uint32_t i = 0; i < counts[1]; i++) {
      at = decode(L, at);
      at = decode(L, at);
      lua_rawset(L, -3);
    }
    return at;
  }
  }
}

static int put(lua_State *L) {
  unsigned char *start = malloc(256);
  buffer b = {start, 0, 256};
  lua_settop(L, 2);
  encode(L, 2, &b);
  message *m = malloc(sizeof *m + b.size);
  m->next = NULL;
  m->size = b.size;
  memcpy(m->bytes, b.bytes, b.size);
  free(b.bytes);
  *last = m;
  last = &m->next;
  return 0;
}

static int get(lua_State *L) {
  message *m = first;
  if (m == NULL) return luaL_error(L, "empty");
  first = m->next;
  if (first == NULL) last = &first;
  decode(L, m->bytes);
  free(m);
  return 1;
}

static int now(lua_State *L) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  lua_pushnumber(L, (lua_Number)time.tv_sec + (lua_Number)time.tv_nsec / 1e9);
  return 1;
}

int transfer_in_c(const char *source, const char *name, long turns) {
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  lua_register(L, "put", put);
  lua_register(L, "get", get);
  lua_register(L, "now", now);
  int failed = luaL_loadstring(L, source) != LUA_OK;
  if (!failed) {
    lua_pushstring(L, name);
    lua_pushinteger(L, turns);
    failed = lua_pcall(L, 2, 0, 0) != LUA_OK;
  }
  if (failed) fprintf(stderr, "transfer: %s\n", lua_tostring(L, -1));
  lua_close(L);
  return failed;
}

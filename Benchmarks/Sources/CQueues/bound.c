// The ring as a userdata of Lua. Scalars cross inline; strings and trees of tables as bytes. What the reference leaves out and a
// usable library has not: shared references, cycles, metatables, functions, the refusal of what cannot cross.
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CQueues.h"

typedef struct writer {
  char *bytes;
  size_t size, capacity;
} writer;

static void append(writer *w, const void *data, size_t size) {
  if (w->size + size > w->capacity) {
    w->capacity = (w->size + size) * 2;
    w->bytes = realloc(w->bytes, w->capacity);
  }
  memcpy(w->bytes + w->size, data, size);
  w->size += size;
}

static void append_tag(writer *w, char tag) { append(w, &tag, 1); }

static void encode(lua_State *L, int index, writer *w) {
  switch (lua_type(L, index)) {
  case LUA_TNIL: append_tag(w, '0'); break;
  case LUA_TBOOLEAN: append_tag(w, lua_toboolean(L, index) ? 't' : 'f'); break;
  case LUA_TNUMBER:
    if (lua_isinteger(L, index)) {
      lua_Integer value = lua_tointeger(L, index);
      append_tag(w, 'i');
      append(w, &value, sizeof value);
    } else {
      lua_Number value = lua_tonumber(L, index);
      append_tag(w, 'n');
      append(w, &value, sizeof value);
    }
    break;
  case LUA_TSTRING: {
    size_t size;
    const char *bytes = lua_tolstring(L, index, &size);
    append_tag(w, 's');
    append(w, &size, sizeof size);
    append(w, bytes, size);
    break;
  }
  case LUA_TTABLE: {
    luaL_checkstack(L, 4, "nested too deeply");
    int length = (int)lua_rawlen(L, index);
    append_tag(w, '{');
    append(w, &length, sizeof length);
    lua_pushnil(L);
    while (lua_next(L, index)) {
      int top = lua_gettop(L);
      encode(L, top - 1, w);
      encode(L, top, w);
      lua_settop(L, top - 1);
    }
    append_tag(w, '}');
    break;
  }
  default: luaL_error(L, "cannot put a %s", luaL_typename(L, index));
  }
}

// Pushes the next value; false at the end of a table.
static int decode(lua_State *L, const char **at) {
  switch (*(*at)++) {
  case '0': lua_pushnil(L); return 1;
  case 't': lua_pushboolean(L, 1); return 1;
  case 'f': lua_pushboolean(L, 0); return 1;
  case 'i': {
    lua_Integer value;
    memcpy(&value, *at, sizeof value);
    *at += sizeof value;
    lua_pushinteger(L, value);
    return 1;
  }
  case 'n': {
    lua_Number value;
    memcpy(&value, *at, sizeof value);
    *at += sizeof value;
    lua_pushnumber(L, value);
    return 1;
  }
  case 's': {
    size_t size;
    memcpy(&size, *at, sizeof size);
    *at += sizeof size;
    lua_pushlstring(L, *at, size);
    *at += size;
    return 1;
  }
  case '{': {
    int length;
    memcpy(&length, *at, sizeof length);
    *at += sizeof length;
    luaL_checkstack(L, 4, "nested too deeply");
    lua_createtable(L, length, length == 0 ? 4 : 0);
    while (decode(L, at)) {
      decode(L, at);
      lua_rawset(L, -3);
    }
    return 1;
  }
  default: return 0;
  }
}

static ring *check_ring(lua_State *L) { return *(ring **)luaL_checkudata(L, 1, "ring"); }

static int put(lua_State *L) {
  ring *r = check_ring(L);
  luaL_checkany(L, 2);
  int type = lua_type(L, 2);
  ring_item item = {.type = type};
  if (type == LUA_TNUMBER && lua_isinteger(L, 2)) {
    item.integer = lua_tointeger(L, 2);
  } else if (type == LUA_TNUMBER) {
    item.type = LUA_TNONE;  // a float
    item.number = lua_tonumber(L, 2);
  } else if (type == LUA_TBOOLEAN) {
    item.integer = lua_toboolean(L, 2);
  } else if (type != LUA_TNIL) {
    writer w = {0};
    encode(L, 2, &w);
    item.type = LUA_TTABLE;
    item.encoded.bytes = w.bytes;
    item.encoded.size = w.size;
  }
  ring_put(r, item);
  return 0;
}

static int get(lua_State *L) {
  ring_item item = ring_get(check_ring(L));
  switch (item.type) {
  case LUA_TNIL: lua_pushnil(L); break;
  case LUA_TBOOLEAN: lua_pushboolean(L, (int)item.integer); break;
  case LUA_TNUMBER: lua_pushinteger(L, item.integer); break;
  case LUA_TNONE: lua_pushnumber(L, item.number); break;
  default: {
    const char *at = item.encoded.bytes;
    decode(L, &at);
    free(item.encoded.bytes);
  }
  }
  return 1;
}

static const luaL_Reg methods[] = {{"put", put}, {"get", get}, {NULL, NULL}};

typedef struct task {
  ring *r;
  long items;
  const char *source;
  int failed;
} task;

static void *run(void *argument) {
  task *t = argument;
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  *(ring **)lua_newuserdatauv(L, sizeof(ring *), 0) = t->r;
  luaL_newmetatable(L, "ring");
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_setglobal(L, "q");
  t->failed = luaL_loadstring(L, t->source);
  if (t->failed == LUA_OK) {
    lua_pushinteger(L, t->items);
    t->failed = lua_pcall(L, 1, 0, 0);
  }
  if (t->failed) fprintf(stderr, "queues: %s\n", lua_tostring(L, -1));
  lua_close(L);
  return NULL;
}

int64_t ring_measure_lua(size_t capacity, long items, const char *producer, const char *consumer) {
  ring *r = ring_new(capacity);
  task put_task = {r, items, producer, 0}, get_task = {r, items, consumer, 0};
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  pthread_t thread;
  if (consumer) pthread_create(&thread, NULL, run, &get_task);
  run(&put_task);
  if (consumer) pthread_join(thread, NULL);
  clock_gettime(CLOCK_MONOTONIC, &end);
  ring_free(r);
  if (put_task.failed || get_task.failed) return -1;
  return (end.tv_sec - start.tv_sec) * 1000000000ll + end.tv_nsec - start.tv_nsec;
}

#include "CLuaSupport.h"
#include "internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

nj_hooks nj_hook_table;

void nj_set_hooks(nj_hooks hooks) { nj_hook_table = hooks; }

// Lua 5.4.4 makes these outside any protected call. Alive in the string table, they cost it no memory.
static int anchor_messages(lua_State *L) {
  static const char *const messages[] = {"error in error handling", "cannot resume non-suspended coroutine",
                                         "cannot resume dead coroutine", "C stack overflow"};
  lua_createtable(L, 4, 0);
  for (int i = 0; i < 4; i++) {
    lua_pushstring(L, messages[i]);
    lua_rawseti(L, -2, i + 1);
  }
  lua_rawsetp(L, LUA_REGISTRYINDEX, messages);
  nj_prepare_interruption(L);
  return 0;
}

static int panic(lua_State *L) {
  const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "error object is not a string";
  fprintf(stderr, "nightjar: unprotected Lua error: %s\n", message);
  return 0;
}

nj_context *nj_context_create(void *owner) {
  nj_context *c = calloc(1, sizeof *c);
  if (c == NULL) return NULL;
  c->owner = owner;
  c->fail_after = -1;
  c->budget = -1;
  c->host = 1;
  return c;
}

bool nj_context_open(nj_context *c) {
  nj_block_open(&c->block);
  c->host = 0;
  lua_State *L = lua_newstate(nj_allocate, c);
  c->host = 1;
  if (L == NULL) {
    nj_block_close(&c->block);
    return false;
  }
  *(nj_context **)lua_getextraspace(L) = c;
  c->main = c->running = L;
  lua_atpanic(L, panic);
  nj_prepare_warnings(c);
  lua_pushcfunction(L, anchor_messages);
  if (nj_pcall(L, 0, 0, 0) != LUA_OK) {
    nj_context_close(c);
    return false;
  }
  return true;
}

void nj_context_close(nj_context *c) {
  lua_State *L = c->main;
  if (L == NULL) return;
  nj_clear_interrupt(c);
  c->is_closing = true;
  c->close_end = 0;
  c->budget = -1;
  c->running = L;
  nj_context *outer = nj_enter_context(c);
  c->host = 0;
  c->block.is_closing = true;
  lua_close(L);
  c->host = 1;
  nj_leave_context(c, outer);
  nj_block_close(&c->block);
  c->main = c->running = NULL;
  nj_release_entries(c);
}

void nj_context_destroy(nj_context *c) {
  free(c->warning);
  free(c);
}

static const struct {
  const char *name;
  lua_CFunction open;
} libraries[] = {
    {LUA_GNAME, luaopen_base},       {LUA_LOADLIBNAME, luaopen_package}, {LUA_COLIBNAME, luaopen_coroutine},
    {LUA_TABLIBNAME, luaopen_table}, {LUA_IOLIBNAME, luaopen_io},        {LUA_OSLIBNAME, luaopen_os},
    {LUA_STRLIBNAME, luaopen_string}, {LUA_MATHLIBNAME, luaopen_math},   {LUA_UTF8LIBNAME, luaopen_utf8},
    {LUA_DBLIBNAME, luaopen_debug},
};

static int open_library(lua_State *L) {
  const char *name = lua_touserdata(L, 1);
  for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
    if (strcmp(libraries[i].name, name) == 0) {
      luaL_requiref(L, libraries[i].name, libraries[i].open, 1);
      return 0;
    }
  }
  return luaL_error(L, "no standard library named '%s'", name);
}

int nj_open_library(lua_State *L, const char *name) {
  lua_pushcfunction(L, open_library);
  lua_pushlightuserdata(L, (void *)name);
  return nj_pcall(L, 1, 0, 0);
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

// Library functions that a policy, an exception value or a parallel thread needs done differently.
#include "internal.h"
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

// Another thread may hold the stream while it waits for a reader: an interruption must reach the one who waits for it too.
static void lock_output(lua_State *L) {
  struct timespec pause = {.tv_nsec = 20000};
  for (int turn = 0; ftrylockfile(stdout) != 0; turn++) {
    if (turn < 100) {
      sched_yield();
      continue;
    }
    if (nj_must_stop(nj_context_of(L))) {
      nj_begin_interruption(L);
      nj_raise_interruption(L);
    }
    nanosleep(&pause, NULL);
    if (pause.tv_nsec < 1000000) pause.tv_nsec *= 2;
  }
}

void nj_hold_output(int milliseconds) {
  FILE *streams[] = {stdout, stderr};
  struct timespec pause = {.tv_nsec = 1000000};
  for (int i = 0; i < 2; i++)
    for (; ftrylockfile(streams[i]) != 0 && milliseconds > 0; milliseconds--) nanosleep(&pause, NULL);
}

// print: one write for the whole line, so that lines of parallel threads do not mix.
static int print_line(lua_State *L) {
  int n = lua_gettop(L);
  if (n == 1 && lua_type(L, 1) == LUA_TSTRING) {
    size_t size;
    const char *text = lua_tolstring(L, 1, &size);
    lock_output(L);
    fwrite(text, 1, size, stdout);
    putc_unlocked('\n', stdout);
    fflush(stdout);
    funlockfile(stdout);
    return nj_safe_point(L);
  }
  luaL_Buffer line;
  luaL_buffinit(L, &line);
  for (int i = 1; i <= n; i++) {
    if (i > 1) luaL_addchar(&line, '\t');
    luaL_tolstring(L, i, NULL);
    luaL_addvalue(&line);
  }
  luaL_addchar(&line, '\n');
  luaL_pushresult(&line);
  size_t size;
  const char *text = lua_tolstring(L, -1, &size);
  lock_output(L);
  fwrite(text, 1, size, stdout);
  fflush(stdout);
  funlockfile(stdout);
  return nj_safe_point(L);
}

// error: an exception value learns where it was raised.
static int raise_error(lua_State *L) {
  int level = (int)luaL_optinteger(L, 2, 1);
  lua_settop(L, 1);
  if (lua_type(L, 1) == LUA_TSTRING && level > 0) {
    luaL_where(L, level);
    lua_pushvalue(L, 1);
    lua_concat(L, 2);
  } else if (lua_type(L, 1) == LUA_TTABLE && lua_getmetatable(L, 1)) {
    int marked = lua_rawgetp(L, -1, nj_key_pointer(NJ_KEY_EXCEPTION));
    lua_settop(L, 1);
    if (marked != LUA_TNIL) {
      nj_context *c = nj_context_of(L);
      c->host++;
      nj_hook_table.annotate(L, 1);
      c->host--;
      lua_settop(L, 1);
    }
  }
  return lua_error(L);
}

static void refuse_finalizer(lua_State *L, int metatable) {
  if (lua_type(L, metatable) != LUA_TTABLE) return;
  lua_pushliteral(L, "__gc");
  if (lua_rawget(L, metatable) != LUA_TNIL)
    luaL_error(L, "'__gc' is refused here, because it could not be interrupted: use weakref.finalize");
  lua_pop(L, 1);
}

// setmetatable: no finalizers where time is limited, because hooks are off inside them.
static int set_metatable(lua_State *L) {
  refuse_finalizer(L, 2);
  int type = lua_type(L, 2);
  luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
  luaL_checktype(L, 1, LUA_TTABLE);
  if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
  lua_settop(L, 2);
  lua_setmetatable(L, 1);
  return 1;
}

// collectgarbage: the stock function (upvalue 1), then what the collector put off. Arguments are checked here, where Lua finds the
// name for its messages.
static int collect_garbage(lua_State *L) {
  static const char *const options[] = {"collect", "stop", "restart", "count", "isrunning", "step", "setpause",
                                        "setstepmul", "generational", "incremental", NULL};
  static const int numbers[] = {0, 0, 0, 0, 0, 1, 1, 1, 2, 3};
  int option = luaL_checkoption(L, 1, "collect", options);
  for (int i = 0; i < numbers[option]; i++) luaL_optinteger(L, i + 2, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  nj_safe_point(L);
  return lua_gettop(L);
}

// debug.setmetatable: the same, around the stock function (upvalue 1).
static int set_any_metatable(lua_State *L) {
  refuse_finalizer(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

// debug.sethook: a script's hook would take the place of the one that interrupts it, and could not be interrupted itself.
static int refuse_hook(lua_State *L) { return luaL_error(L, "debug.sethook is refused here: it would disable time limits"); }

// Where it is allowed: the stock function (upvalue 1), which takes away a hook that an interruption has installed.
static int set_script_hook(lua_State *L) {
  int results = nj_call_stock(L);
  nj_arm(nj_context_of(L)->running, nj_context_of(L));
  return results;
}

static bool forbids_text(const char *mode) { return mode != NULL && strchr(mode, 't') == NULL; }

// load, loadfile: the stock function (upvalue 1) with the mode held to text. A loader that compiles catches errors of its
// reader, so an interruption is handed on here too.
static int load_checked(lua_State *L, int mode_index) {
  nj_context *c = nj_context_of(L);
  lua_State *unwinding = c->unwinding;
  int entered = c->interrupting;
  if (c->text_only) {
    if (forbids_text(luaL_optstring(L, mode_index, NULL))) {
      luaL_pushfail(L);
      lua_pushliteral(L, "binary chunks are refused here: load source text");
      return 2;
    }
    if (lua_gettop(L) < mode_index) lua_settop(L, mode_index);
    lua_pushliteral(L, "t");
    lua_replace(L, mode_index);
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  // An error in there went to the handler of the protected call around, but no further.
  c->unwinding = unwinding;
  if (c->interrupting > entered) return nj_raise_interruption(L);
  return lua_gettop(L);
}

// A reader in C, such as the lines of an endless file, has no instruction at which an interruption could be raised.
static int read_piece(lua_State *L) {
  if (nj_is_unmet(nj_context_of(L)) && nj_must_stop(nj_context_of(L))) {
    nj_begin_interruption(L);
    return nj_raise_interruption(L);
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_call(L, 0, 1);
  return 1;
}

static int load_chunk(lua_State *L) {
  if (lua_iscfunction(L, 1)) {
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, read_piece, 1);
    lua_replace(L, 1);
  }
  return load_checked(L, 3);
}
static int load_file(lua_State *L) { return load_checked(L, 2); }

static int results_of_chunk(lua_State *L, int status, lua_KContext below) {
  (void)status;
  return lua_gettop(L) - (int)below;
}

static int do_file(lua_State *L) {
  const char *name = luaL_optstring(L, 1, NULL);
  const char *mode = nj_context_of(L)->text_only ? "t" : NULL;
  lua_settop(L, 1);
  if (luaL_loadfilex(L, name, mode) != LUA_OK) return lua_error(L);
  lua_callk(L, 0, LUA_MULTRET, 1, results_of_chunk);
  return results_of_chunk(L, 0, 1);
}

// With the list of files tried on top: a C module of the name would be found where C modules are loaded. Says so.
static int tell_of_c_module(lua_State *L) {
  lua_getfield(L, lua_upvalueindex(1), "searchpath");
  lua_pushvalue(L, 1);
  if (lua_getfield(L, lua_upvalueindex(1), "cpath") != LUA_TSTRING) {
    lua_pop(L, 3);
    return 1;
  }
  lua_call(L, 2, 1);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    return 1;
  }
  lua_pushfstring(L, "%s\n\tC module '%s' not loaded: only an unrestricted policy allows it (nightjar run --unrestricted)",
      lua_tostring(L, -2), lua_tostring(L, -1));
  return 1;
}

// A searcher for package.searchers[2]: text only. Upvalue 1 is the package table.
static int search_text(lua_State *L) {
  const char *name = luaL_checkstring(L, 1);
  lua_getfield(L, lua_upvalueindex(1), "searchpath");
  lua_pushvalue(L, 1);
  if (lua_getfield(L, lua_upvalueindex(1), "path") != LUA_TSTRING)
    return luaL_error(L, "'package.path' must be a string");
  lua_call(L, 2, 2);
  if (lua_isnil(L, -2)) return tell_of_c_module(L);
  lua_pop(L, 1);
  const char *file = lua_tostring(L, -1);
  if (luaL_loadfilex(L, file, "t") != LUA_OK)
    return luaL_error(L, "error loading module '%s' from file '%s':\n\t%s", name, file, lua_tostring(L, -1));
  lua_pushvalue(L, -2);
  return 2;
}

static void replace_searchers(lua_State *L) {
  lua_pushglobaltable(L);
  if (lua_getfield(L, -1, LUA_LOADLIBNAME) == LUA_TTABLE && lua_getfield(L, -1, "searchers") == LUA_TTABLE) {
    int package = lua_absindex(L, -2), searchers = lua_absindex(L, -1);
    lua_pushvalue(L, package);
    lua_pushcclosure(L, search_text, 1);
    lua_rawseti(L, searchers, 2);
    for (lua_Integer i = 3; i <= 4; i++) {
      lua_pushnil(L);
      lua_rawseti(L, searchers, i);
    }
    lua_pushnil(L);
    lua_setfield(L, package, "loadlib");
  }
}

static void wrap_stock(lua_State *L, const char *name, lua_CFunction function) {
  if (lua_getfield(L, -1, name) == LUA_TFUNCTION) {
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
  } else {
    lua_pop(L, 1);
  }
}

static void replace_if_there(lua_State *L, const char *name, lua_CFunction function) {
  bool there = lua_getfield(L, -1, name) == LUA_TFUNCTION;
  lua_pop(L, 1);
  if (!there) return;
  lua_pushcfunction(L, function);
  lua_setfield(L, -2, name);
}

// package.loaded counts the names that are added to it: who keeps modules by address knows then when to look again. Another value
// for a name that is there goes unnoticed, because Lua has no event for it.
static int add_loaded(lua_State *L) {
  lua_settop(L, 3);
  lua_rawset(L, 1);
  nj_context_of(L)->modules_added++;
  return 0;
}

static void watch_loaded(lua_State *L) {
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, add_loaded);
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}

void nj_install_overrides(lua_State *L) {
  nj_context *c = nj_context_of(L);
  watch_loaded(L);
  nj_install_coroutine_overrides(L);
  lua_pushglobaltable(L);
  replace_if_there(L, "print", print_line);
  replace_if_there(L, "error", raise_error);
  if (c->refuse_gc) replace_if_there(L, "setmetatable", set_metatable);
  replace_if_there(L, "dofile", do_file);
  wrap_stock(L, "collectgarbage", collect_garbage);
  wrap_stock(L, "load", load_chunk);
  wrap_stock(L, "loadfile", load_file);
  nj_install_process_overrides(L);
  if (lua_getfield(L, -1, LUA_DBLIBNAME) == LUA_TTABLE) {
    if (c->refuse_gc) wrap_stock(L, "setmetatable", set_any_metatable);
    c->refuse_gc ? replace_if_there(L, "sethook", refuse_hook) : wrap_stock(L, "sethook", set_script_hook);
  }
  lua_settop(L, 0);
  if (c->text_only) {
    replace_searchers(L);
    lua_settop(L, 0);
  }
}

int nj_install_overrides_function(lua_State *L) {
  nj_install_overrides(L);
  return 0;
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

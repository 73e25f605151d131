#include "internal.h"
#include <stdlib.h>


static const char function_metatable_key;

// Raises LUA_ERRMEM itself, so that a memory error is one wherever it was noticed.
static int raise_memory_error(lua_State *L, nj_context *c) {
  c->fail_after = 0;
  c->fail_count = 2;  // Lua collects and tries again before it gives up
  lua_newuserdatauv(L, 1, 0);
  return luaL_error(L, "not enough memory");
}

// Once: the functions that a to-be-closed variable calls on the way out return as they always do.
static int hand_on(lua_State *L, nj_context *c) {
  c->attention &= ~NJ_INTERRUPTING;
  return nj_raise_interruption(L);
}

int nj_settle(lua_State *L, nj_context *c) {
  if (c->attention & NJ_INTERRUPTING) return hand_on(L, c);
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
    if (c->attention & NJ_INTERRUPTING) return hand_on(L, c);
  }
  return 0;
}

int nj_safe_point(lua_State *L) {
  nj_context *c = nj_context_of(L);
  return c->attention ? nj_settle(L, c) : 0;
}

static int attend(lua_State *L, nj_context *c, int results) {
  c->attention &= ~NJ_RAISING;
  // A Swift function that fails while the script has an interruption to meet may fail because of it.
  if (results < 0 && nj_is_unmet(c) && nj_must_stop(c)) nj_begin_interruption(L);
  nj_settle(L, c);
  return results < 0 ? lua_error(L) : results;
}

static inline int enter(lua_State *L, nj_context *c, nj_entry *f) {
  c->host++;
  int results = f->call(L, f->object);
  c->host--;
  if (__builtin_expect(c->attention != 0, 0)) return attend(L, c, results);
  return results;
}

static int enter_closure(lua_State *L) {
  return enter(L, nj_context_of(L), lua_touserdata(L, lua_upvalueindex(1)));
}

// C functions without upvalues: which one it is says which entry is meant. Finding a closure's upvalue takes as many
// instructions as all the rest of the way into Swift.
static nj_entry shared_entries[NJ_SHARED_LIMIT];

#define ENTRY(n) \
  static int enter_##n(lua_State *L) { \
    nj_context *c = nj_context_of(L); \
    return enter(L, c, &c->entries[0x##n]); \
  }
#define SHARED_ENTRY(n) \
  static int enter_shared_##n(lua_State *L) { return enter(L, nj_context_of(L), &shared_entries[0x##n]); }
#define NAME(n) enter_##n,
#define SHARED_NAME(n) enter_shared_##n,
#define ROW(M, h) \
  M(h##0) M(h##1) M(h##2) M(h##3) M(h##4) M(h##5) M(h##6) M(h##7) M(h##8) M(h##9) M(h##a) M(h##b) M(h##c) M(h##d) M(h##e) M(h##f)
#define ALL(M, p) \
  ROW(M, p##0) ROW(M, p##1) ROW(M, p##2) ROW(M, p##3) ROW(M, p##4) ROW(M, p##5) ROW(M, p##6) ROW(M, p##7) ROW(M, p##8) \
  ROW(M, p##9) ROW(M, p##a) ROW(M, p##b) ROW(M, p##c) ROW(M, p##d) ROW(M, p##e) ROW(M, p##f)
ALL(ENTRY, 0)
ALL(SHARED_ENTRY, 0) ALL(SHARED_ENTRY, 1) ALL(SHARED_ENTRY, 2) ALL(SHARED_ENTRY, 3)
static const lua_CFunction entry_functions[] = {ALL(NAME, 0)};
static const lua_CFunction shared_functions[] = {
    ALL(SHARED_NAME, 0) ALL(SHARED_NAME, 1) ALL(SHARED_NAME, 2) ALL(SHARED_NAME, 3)};
_Static_assert(sizeof entry_functions / sizeof *entry_functions == NJ_ENTRY_LIMIT, "a function for each entry");
_Static_assert(sizeof shared_functions / sizeof *shared_functions == NJ_SHARED_LIMIT, "a function for each shared entry");

// Called by Swift: may allocate, cannot raise.
void nj_push_permanent(lua_State *L, nj_swift_function call, void *object) {
  nj_context *c = nj_context_of(L);
  if (c->entry_count == c->entry_room) {
    int room = c->entry_room == 0 ? 16 : 2 * c->entry_room;
    nj_entry *entries = room > NJ_ENTRY_LIMIT ? NULL : realloc(c->entries, room * sizeof *entries);
    if (entries == NULL) return nj_push_function(L, call, object);
    c->entries = entries;
    c->entry_room = room;
  }
  c->entries[c->entry_count] = (nj_entry){call, object};
  lua_pushcfunction(L, entry_functions[c->entry_count++]);
}

void nj_release_entries(nj_context *c) {
  for (int i = 0; i < c->entry_count; i++) nj_hook_table.release(c->entries[i].object);
  free(c->entries);
  c->entries = NULL;
  c->entry_count = c->entry_room = 0;
}

nj_shared nj_share(nj_swift_function call, void *object) {
  static _Atomic(int) taken;
  nj_entry entry = {call, object};
  int index = atomic_load(&taken) < NJ_SHARED_LIMIT ? atomic_fetch_add(&taken, 1) : NJ_SHARED_LIMIT;
  if (index >= NJ_SHARED_LIMIT) return (nj_shared){entry, enter_closure};
  shared_entries[index] = entry;
  return (nj_shared){entry, shared_functions[index]};
}

void nj_push_shared(lua_State *L, const nj_shared *function) {
  bool is_closure = function->function == enter_closure;
  if (is_closure) lua_pushlightuserdata(L, (void *)&function->entry);
  lua_pushcclosure(L, function->function, is_closure);
}

nj_entry *nj_shared_entry(lua_State *L, int index) {
  lua_CFunction function = lua_tocfunction(L, index);
  if (function == enter_closure) {
    if (lua_getupvalue(L, index, 1) == NULL) return NULL;
    // The functions of one interpreter have a full userdata here.
    nj_entry *entry = lua_islightuserdata(L, -1) ? lua_touserdata(L, -1) : NULL;
    lua_pop(L, 1);
    return entry;
  }
  for (int i = 0; function != NULL && i < NJ_SHARED_LIMIT; i++) {
    if (shared_functions[i] == function) return &shared_entries[i];
  }
  return NULL;
}

void nj_push_shared_entry(lua_State *L, nj_entry *entry) {
  if (entry >= shared_entries && entry < shared_entries + NJ_SHARED_LIMIT) {
    lua_pushcfunction(L, shared_functions[entry - shared_entries]);
  } else {
    lua_pushlightuserdata(L, entry);
    lua_pushcclosure(L, enter_closure, 1);
  }
}

void *nj_standard_function(lua_State *L, int index) {
  lua_CFunction function = lua_tocfunction(L, index);
  if (function == NULL) return NULL;
  if (lua_getupvalue(L, index, 1) != NULL) {
    lua_pop(L, 1);
    return NULL;
  }
  for (int i = 0; i < NJ_ENTRY_LIMIT; i++) {
    if (entry_functions[i] == function) return NULL;
  }
  for (int i = 0; i < NJ_SHARED_LIMIT; i++) {
    if (shared_functions[i] == function) return NULL;
  }
  return (void *)function;
}

void nj_push_standard_function(lua_State *L, void *function) { lua_pushcfunction(L, (lua_CFunction)function); }

static int collect_function(lua_State *L) {
  nj_entry *f = lua_touserdata(L, 1);
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
  nj_entry *f = lua_newuserdatauv(L, sizeof *f, 0);
  *f = (nj_entry){call, object};
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &function_metatable_key) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, collect_function);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &function_metatable_key);
  }
  lua_setmetatable(L, -2);
  lua_pushcclosure(L, enter_closure, 1);
}

int nj_throw(lua_State *L, const char *class_name, const char *message) {
  nj_context *c = nj_context_of(L);
  c->host++;
  nj_hook_table.push_exception(L, class_name, message);
  c->host--;
  return lua_error(L);
}

#if __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

// Shared by the C files, invisible to Swift.
#pragma once
#include "CLuaSupport.h"

extern nj_hooks nj_hook_table;

// interrupt.c
nj_context *nj_enter_context(nj_context *context);  // gives the context that was inside Lua on this thread
void nj_leave_context(nj_context *context, nj_context *outer);
void nj_arm(lua_State *L);             // installs the hook if something is pending
void nj_arm_coroutine(lua_State *co);  // the same for a coroutine about to run; charges the budget
void nj_prepare_interruption(lua_State *L);
int nj_raise_interruption(lua_State *L);  // never returns

// coroutines.c
int nj_auxresume(lua_State *L, lua_State *co, int arguments);
void nj_install_coroutine_overrides(lua_State *L);

// callback.c
int nj_throw(lua_State *L, const char *class_name, const char *message);  // never returns
int nj_settle(lua_State *L, nj_context *c);  // runs what is pending, raises what has come up; gives 0 otherwise
int nj_safe_point(lua_State *L);             // the same, where there may be nothing to do

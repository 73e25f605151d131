// The system's Lua 5.4. Macros that Swift cannot import live in CLuaSupport.
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

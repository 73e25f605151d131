local weakref = require "weakref"
local function f(...) return select("#", ...), ... end
local p = weakref.proxy(f)
local n, a, b = p(nil, 2)
assert(n == 2 and a == nil and b == 2)
local ok, e = pcall(weakref.proxy({}))
assert(not ok and tostring(e):find("attempt to call a table value"), tostring(e))
local value = {}
ok, e = pcall(weakref.proxy(function() error(value) end))
assert(not ok and e == value)

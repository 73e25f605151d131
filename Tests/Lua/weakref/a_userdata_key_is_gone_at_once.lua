local weakref = require "weakref"
local key = weakref.WeakSet()
local d, s = weakref.WeakKeyDictionary {[key] = {}}, weakref.WeakSet {key}
local r = weakref.ref(key)
assert(#d == 1 and d[key] and #s == 1)
key = nil
collectgarbage()
-- Lua itself would show the entry until the next collection.
assert(r() == nil and #d == 0 and #s == 0)
for k in pairs(d) do error("a dead key") end

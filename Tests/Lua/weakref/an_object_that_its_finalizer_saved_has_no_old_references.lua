local weakref, gc = require "weakref", require "gc"
local saved
local calls = 0
local o = setmetatable({}, {__gc = function(self) saved = self end})
local r = weakref.ref(o, function() calls = calls + 1 end)
local set, keys = weakref.WeakSet {o}, weakref.WeakKeyDictionary {[o] = 1}
o = nil
gc.collect()
assert(saved and r() == nil and calls == 1 and weakref.getweakrefcount(saved) == 0)
assert(#set == 0 and #keys == 0 and keys[saved] == nil)
local again = weakref.ref(saved)
assert(again() == saved and again ~= r)
saved = nil
gc.collect()
assert(again() == nil)

local weakref = require "weakref"
local exceptions = require "exceptions"
local objects, d = {}, weakref.WeakValueDictionary()
for i = 1, 50 do
  objects[i] = {}
  d[i] = objects[i]
end
for k in pairs(d) do d[k] = nil end
assert(#d == 0)
d:update(objects)
for k, v in pairs(d) do d[k] = v end
local ok, e = pcall(function() for k in d:keys() do d[-k] = objects[k] end end)
assert(not ok and exceptions.RuntimeError:is(e) and tostring(e) == "dictionary changed size during iteration", tostring(e))
local s = weakref.WeakSet(objects)
ok, e = pcall(function() for v in pairs(s) do s:add({}) end end)
assert(not ok and tostring(e) == "Set changed size during iteration", tostring(e))
local it = weakref.WeakSet({}):copy()
for _ in pairs(it) do error() end

local weakref, gc = require "weakref", require "gc"
local inside, calls = false, 0
local o = {}
local r = weakref.ref(o, function() assert(not inside) calls = calls + 1 end)
setmetatable(o, {__gc = function()
  inside = true
  for i = 1, 10 do gc.collect() weakref.ref({}) tostring(r) end
  inside = false
end})
o = nil
gc.collect()
assert(calls == 1 and r() == nil)

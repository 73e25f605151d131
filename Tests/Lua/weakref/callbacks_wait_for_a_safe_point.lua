local weakref = require "weakref"
local calls, o = 0, {}
local r = weakref.ref(o, function() calls = calls + 1 end)
o = nil
-- Nothing of Swift's is called here, so nothing is told, however often the collector runs.
local n = 0
repeat
  for i = 1, 1000 do local t = {i} end
  n = n + 1
until n == 2000
assert(calls == 0)
tostring(r)
assert(calls == 1 and r() == nil)

local weakref = require "weakref"
local calls, o = 0, {}
local r = weakref.ref(o, function() calls = calls + 1 end)
o = nil
assert(collectgarbage() == 0 and calls == 1)
assert(collectgarbage("count") > 0 and not pcall(collectgarbage, "nonsense"))
o = {}
r = weakref.ref(o, function() calls = calls + 1 end)
o = nil
for i = 1, 2000000 do local t = {i} end
print("")
assert(calls == 2)

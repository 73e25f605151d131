local weakref = require "weakref"
local calls = 0
local o = {}
r = weakref.ref(o, function() calls = calls + 1 end)
o = nil
for i = 1, 1000000 do local t = {i} end
assert(calls == 0)
after_finish = function() assert(calls == 1) end

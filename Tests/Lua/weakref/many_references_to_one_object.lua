local weakref, gc = require "weakref", require "gc"
local o, refs, order = {}, {}, {}
local N = 50000
for i = 1, N do refs[i] = weakref.ref(o, function() order[#order + 1] = i end) end
for i = 1, N, 2 do refs[i] = nil end
gc.collect()
assert(weakref.getweakrefcount(o) == N / 2)
o = nil
gc.collect()
assert(#order == N / 2 and order[1] == N and order[#order] == 2)

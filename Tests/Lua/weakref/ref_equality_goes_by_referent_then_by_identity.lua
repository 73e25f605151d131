local weakref, gc = require "weakref", require "gc"
local class = {__eq = function(a, b) return a.n == b.n end}
local x, y, z = setmetatable({n = 1}, class), setmetatable({n = 1}, class), setmetatable({n = 2}, class)
local a, b, c = weakref.ref(x), weakref.ref(y), weakref.ref(z)
assert(a == b and a ~= c)
assert(a ~= 1 and a ~= x and a ~= weakref.WeakSet())
x, y = nil, nil
gc.collect()
assert(a ~= b and a == a)

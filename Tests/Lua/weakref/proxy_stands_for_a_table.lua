local weakref, gc = require "weakref", require "gc"
local class = {}
class.__index = class
function class:size() return self.n end
function class.__add(a, b) return (type(a) == "number" and a or a.n) + (type(b) == "number" and b or b.n) end
function class.__unm(a) return -a.n end
function class.__lt(a, b) return a.n < b.n end
function class.__le(a, b) return a.n <= b.n end
function class.__concat(a, b) return tostring(a) .. "|" .. tostring(b) end
function class.__call(self, x, ...) return self.n + x, ... end
function class.__tostring(self) return "object " .. self.n end
function class.__len(self) return self.n * 10 end
function class.__band(a, b) return "and" end
function class.__bnot(a) return "not" end
local o, other = setmetatable({n = 3}, class), setmetatable({n = 4}, class)
local p, q = weakref.proxy(o), weakref.proxy(other)
assert(type(p) == "table" and p.n == 3 and p.missing == nil and p:size() == 3)
p.extra = 5
assert(o.extra == 5)
p.extra = nil
assert(o.extra == nil and next(o) == "n")
assert(p + 1 == 4 and 1 + p == 4 and p + q == 7 and -p == -3)
assert(p < q and p <= q and not (p > q) and p < other and other > p)
assert(p .. "x" == "object 3|x" and "x" .. p == "x|object 3")
assert(select("#", p(1, nil, nil)) == 3 and p(1) == 4)
assert(tostring(p) == "object 3" and #p == 30 and p & 1 == "and" and ~p == "not")
assert(p == o and o == p and p == weakref.proxy(o, print) and p ~= q and p ~= other)
local ok, e = pcall(function() return p * 2 end)
assert(not ok and tostring(e):find("arithmetic"), tostring(e))
assert(not pcall(setmetatable, p, {}) and getmetatable(p) == "weakproxy")

local weakref, gc = require "weakref", require "gc"
local exceptions = require "exceptions"
local a, b, c, d = {}, {}, {}, {}
local s = weakref.WeakSet {a, b, a}
assert(#s == 2 and s[a] == true and s[c] == nil)
s:add(c)
s[d] = true
assert(#s == 4)
s:discard(d)
s:discard(d)
s[c] = nil
assert(#s == 2)
local ok, e = pcall(s.remove, s, c)
assert(not ok and exceptions.KeyError:is(e))
s:remove(b)
assert(#s == 1 and s:pop() == a)
ok, e = pcall(s.pop, s)
assert(not ok and exceptions.KeyError:is(e) and tostring(e) == "pop from empty WeakSet")
local x, y = weakref.WeakSet {a, b}, weakref.WeakSet {b, c}
local function is(set, ...)
  local n = select("#", ...)
  assert(#set == n)
  for _, v in ipairs {...} do assert(set[v]) end
end
is(x | y, a, b, c)
is(x & y, b)
is(x - y, a)
is(x ~ y, a, c)
is(x:union {c}, a, b, c)
is(x:intersection(y), b)
is(x:difference {a}, b)
is(x:symmetric_difference(y), a, c)
is(x, a, b)
local z = x:copy()
z:update(y)
is(z, a, b, c)
z:difference_update {a}
is(z, b, c)
z:intersection_update(weakref.WeakSet {c, d})
is(z, c)
z:symmetric_difference_update {c, d}
is(z, d)
z:difference_update(z)
is(z)
x:symmetric_difference_update(x)
is(x)
x = weakref.WeakSet {a, b}
assert(x == weakref.WeakSet {b, a} and x ~= y and x <= x and not (x < x))
assert(weakref.WeakSet {a} < x and x > weakref.WeakSet {a} and x >= weakref.WeakSet {b})
assert(x:issubset {a, b, c} and not x:issubset {a} and x:issuperset {a} and x:isdisjoint {c, d} and not x:isdisjoint(y))
assert(not pcall(function() return x < 5 end) and x ~= weakref.WeakValueDictionary())
local seen = 0
for v, present in pairs(x) do assert(present == true and (v == a or v == b)) seen = seen + 1 end
assert(seen == 2)
x:clear()
assert(#x == 0)

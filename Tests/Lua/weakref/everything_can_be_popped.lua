local weakref, gc = require "weakref", require "gc"
local N = 20000
local keep, s, d = {}, weakref.WeakSet(), weakref.WeakValueDictionary()
for i = 1, N do
  local o = {}
  keep[i] = o
  s:add(o)
  d[i] = o
end
local seen, n = {}, 0
for i = 1, N do
  local o = s:pop()
  assert(o and not seen[o])
  seen[o] = true
  n = n + 1
  -- What was to come next may go meanwhile, and new elements may come.
  if i % 100 == 0 then
    local k, v = d:popitem()
    assert(keep[k] == v)
    s:discard(keep[i])
    if i % 1000 == 0 then s:add(keep[i]) seen[keep[i]] = nil gc.collect() end
  end
  if #s == 0 then break end
end
assert(#s == 0 and not pcall(s.pop, s))
local left = #d
for i = 1, left do assert(keep[d:popitem()]) end
assert(#d == 0 and not pcall(d.popitem, d))
-- Elements that die between two calls.
for i = 1, 100 do s:add(keep[i]) end
assert(s:pop())
keep, seen = nil, nil
gc.collect()
assert(#s == 0 and not pcall(s.pop, s))

local weakref, gc = require "weakref", require "gc"
local exceptions = require "exceptions"
local objects = {{}, {}, {}, {}}
local function check(class, entry, strange)
  local k1, v1 = entry(1)
  local k2, v2 = entry(2)
  local k3, v3 = entry(3)
  local d = class()
  d[k1] = v1
  assert(d:get(k1) == v1 and d:get(k2) == nil and d:get(k2, 7) == 7)
  assert(d:setdefault(k1, v2) == v1 and d:setdefault(k2, v2) == v2 and #d == 2)
  assert(d:pop(k1) == v1 and #d == 1 and d:pop(k1, 9) == 9 and d:pop(k1, nil) == nil)
  local ok, e = pcall(d.pop, d, k1)
  assert(not ok and exceptions.KeyError:is(e) and tostring(e) == tostring(k1), tostring(e))
  local k, v = d:popitem()
  assert(k == k2 and v == v2 and #d == 0)
  ok, e = pcall(d.popitem, d)
  assert(not ok and exceptions.KeyError:is(e) and tostring(e) == "popitem(): dictionary is empty")
  d:update {[k1] = v1, [k2] = v2}
  local c = d:copy()
  assert(#c == 2 and c[k1] == v1 and not rawequal(c, d) and c == d)
  c[k3] = v3
  assert(#d == 2 and #c == 3 and c ~= d)
  d:update(c)
  assert(#d == 3 and c == d)
  d:update(d)
  c[k1] = v2
  assert(c ~= d and d ~= 1)
  local u = class {[k1] = v1} | {[k2] = v2}
  assert(#u == 2 and u[k2] == v2)
  local keys, values, items = {}, 0, 0
  for k in d:keys() do keys[k] = true end
  for v in d:values() do values = values + 1 assert(v) end
  for k, v in d:items() do items = items + 1 assert(d[k] == v and keys[k]) end
  assert(values == 3 and items == 3)
  d:clear()
  assert(#d == 0 and d[k1] == nil)
  assert(not pcall(class, 5) and not pcall(d.update, d, "x"))
end
check(weakref.WeakValueDictionary, function(i) return "k" .. i, objects[i] end)
check(weakref.WeakKeyDictionary, function(i) return objects[i], "v" .. i end)

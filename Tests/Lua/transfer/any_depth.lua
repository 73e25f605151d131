local Queue = require "queue".Queue
local threading = require "threading"

local q = Queue()
local function pass(value) q:put(value) return q:get() end

-- Makes a chain of `levels` links and raises unless its copy is as long; `next` gives what a link leads to.
local function check(levels, link, next)
  local value = {}
  for _ = 1, levels do value = link(value) end
  local copy, count = pass(value), 0
  while next(copy) do copy, count = next(copy), count + 1 end
  assert(count == levels, count)
end

local function first(value) return value[1] end
for _, levels in ipairs { 0, 1, 31, 32, 33, 200, 20000, 1000000 } do
  check(levels, function(value) return { value } end, first)
end
-- What follows a deep value is still read, and what is shared across depths is still shared.
check(20000, function(value) return { value, { value }, after = "x" } end, function(value)
  assert(value[1] == nil or (value[2][1] == value[1] and value.after == "x"))
  return value[1]
end)
check(20000, function(value) return { [value] = true } end, next)
check(20000, function(value) return setmetatable({}, value) end, getmetatable)
check(20000, function(value) return setmetatable({}, { __gc = false, [1] = value }) end, function(value)
  return getmetatable(value) and getmetatable(value)[1]
end)
check(20000, function(value) return function() return value end end, function(value)
  return type(value) == "function" and value()
end)

-- Classes: more ancestors than any stack of C has room for.
local exceptions = require "exceptions"
local Deep = exceptions.Exception:subclass("C1")
for i = 2, 3000 do Deep = exceptions.Exception.subclass(Deep, "C" .. i) end
local ancestors = threading.Thread {
  target = function(class)
    local count = 0
    while class do class, count = rawget(class, "super"), count + 1 end
    return count, tostring(Deep)
  end,
  args = { Deep },
}
ancestors:start()
local count, name = ancestors:result()
assert(count == 3002 and name == "<class 'C3000'>", count)

-- And through a thread, whose stack is smaller.
local value = {}
for _ = 1, 200000 do value = { value } end
local t = threading.Thread {
  target = function(nested)
    local levels = 0
    while nested[1] do nested, levels = nested[1], levels + 1 end
    return levels
  end,
  args = { value },
}
t:start()
assert(t:result() == 200000)

local testing = require "testing"
local queue = require "queue"
local PriorityQueue = queue.PriorityQueue

-- Puts the items in turn, from both ends, and in random orders: out they come as they stand here.
local function check(expected)
  local n = #expected
  for round = 1, 6 do
    local order = {}
    for i = 1, n do order[i] = i end
    if round == 2 then for i = 1, n do order[i] = n + 1 - i end end
    if round > 2 then
      for i = n, 2, -1 do
        local k = (i * 7919 + round * 104729) % i + 1
        order[i], order[k] = order[k], order[i]
      end
    end
    local q = PriorityQueue()
    for _, i in ipairs(order) do q:put(expected[i]) end
    for i = 1, n do testing.equal(q:get(), expected[i], "round " .. round .. ", item " .. i) end
  end
end

check { -3, -1.5, 0, 1, 2.5, 3, 1e300, math.huge }
-- Integers and floats by their exact value, beyond what a float can tell apart.
check { math.mininteger, -2.0 ^ 62, 2 ^ 53, 2 ^ 53 | 0 + 1, math.maxinteger - 1, math.maxinteger, 2.0 ^ 63 }
check { -math.huge, math.mininteger, 0.5, 1, 1.5, math.maxinteger, math.huge, 0 / 0 }
check { -2.0 ^ 63 - 2048, math.mininteger, math.mininteger + 1 }
check { "", "A", "B", "a", "aa", "ab", "b", "\u{e4}", "\u{20ac}", "\u{1f600}" }
check { "a", "a\0", "a\0b", "a\1" }
check { {}, { 1 }, { 1, 0 }, { 1, 2 }, { 1, 2, 3 }, { 2 }, { 2, "a" }, { 2, "b" } }
check { { 1, "low" }, { 1, "lower" }, { 2, 1 }, { 2.5, {} }, { 3, {} }, { 3, { 1 } }, { 3, { 1, 1 }, 0 }, { 3, { 1, 1 }, 1 } }
check { { "a", 1 }, { "a", 2 }, { "b", 0 } }
check { false, 0.5, true, 1.5 }

-- The order of all numbers agrees with Lua's.
local numbers = {}
for i = 1, 300 do numbers[i] = i % 3 == 0 and (i * 31337 % 100) / 4 or (i * 7919 % 101) - 50 end
local q = PriorityQueue()
q:put_many(numbers)
table.sort(numbers)
for i = 1, 300 do testing.equal(q:get() + 0.0, numbers[i] + 0.0) end

-- Equal ones come out in the order in which they were put, whatever else happens in between.
q = PriorityQueue { key = 1 }
for i = 1, 1000 do
  q:put { i % 5, i }
  if i % 10 == 0 then q:put { -1, i } testing.equal(q:get(), { -1, i }) end
end
for priority = 0, 4 do
  for i = 1, 1000 do
    if i % 5 == priority then testing.equal(q:get(), { priority, i }) end
  end
end
q = PriorityQueue()
q:put(1) q:put(1.0) q:put(true) q:put(1)
testing.equal({ q:get(), q:get(), q:get(), q:get() }, { 1, 1.0, true, 1 })
q:put(0.0) q:put(-0.0) q:put(0)
testing.equal({ 1 / q:get(), 1 / q:get(), math.type(q:get()) }, { math.huge, -math.huge, "integer" })

-- Data that has no order may follow a priority: where priorities are equal, it comes out as it was put.
q = PriorityQueue()
q:put { 2, { task = "second" } }
q:put { 1, print }
q:put { 2, { task = "third" } }
q:put { 2, { task = "fourth" } }
q:put { 1, { task = "first" } }
q:put { 2, nil, "a hole" }
testing.equal(q:get()[2], print)
for _, name in ipairs { "first", "second", "third", "fourth" } do testing.equal(q:get()[2].task, name) end
testing.equal(q:get()[3], "a hole")
-- Fields beside the elements of an array are data too.
q:put { 2, name = "b" }
q:put { 1, name = "a" }
testing.equal({ q:get().name, q:get().name }, { "a", "b" })

-- An array that is part of itself, one that branches without end, and a deep one.
local loop = { 1 }
loop[2] = loop
local tree = { 1 }
for _ = 1, 50 do tree = { tree, tree } end
local deep = {}
for _ = 1, 10000 do deep = { deep } end
for _, item in ipairs { loop, tree, deep } do
  q:put { 1, item }
  q:put { 0, item }
  testing.equal({ q:get()[1], q:get()[1] }, { 0, 1 })
end

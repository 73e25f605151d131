-- What Python could not compare is refused when it is put, and nothing is enqueued.
local testing = require "testing"
local queue = require "queue"
local exceptions = require "exceptions"
local TypeError = exceptions.TypeError

local function refused(q, item, words)
  local before = q:qsize()
  for _, put in ipairs { q.put, q.put_nowait, function(q, item) q:put_many { item } end } do
    testing.raises(TypeError, words, put, q, item)
    testing.equal(q:qsize(), before)
  end
end

local q = queue.PriorityQueue()
for i = 1, 500 do q:put(i) end
refused(q, "1", "'<' not supported between instances of 'string' and 'number'")
refused(q, { 1 }, "'<' not supported between instances of 'table' and 'number'")
refused(q, {}, "'<' not supported between instances of 'table' and 'number'")
q:put(250.5)
for _ = 1, 501 do q:get() end
-- Once the numbers are gone, strings may come.
q:put("1")
refused(q, 1, "'<' not supported between instances of 'number' and 'string'")
q:get()

-- Only elements that have to be compared have to be comparable, wherever the other one stands.
q:put { 0, 7 }
q:put { 2, "a" }
for i = 10, 300 do q:put { i, i % 2 == 0 and i or "odd" } end
q:put { 1, 5 }
refused(q, { 2, 5 }, "'<' not supported between instances of 'number' and 'string'")
refused(q, { 0, "b" }, "'<' not supported between instances of 'string' and 'number'")
refused(q, { 0, { 7 } }, "'<' not supported between instances of 'table' and 'number'")
refused(q, { "x" }, "'<' not supported between instances of 'string' and 'number'")
refused(q, { 100, { 1 } }, "between instances of 'table' and 'number'")
refused(q, { 101, 1 }, "between instances of 'number' and 'string'")
q:put { 2 }
q:put { 2, { name = "has no order, so it comes after what has one" } }
q:put { 2, "b" }
local order = {}
for i = 1, 6 do order[i] = q:get() end
testing.equal({ order[1][2], order[2][2], order[3][2], order[4][2], order[5][2] }, { 7, 5, nil, "a", "b" })
testing.equal(order[6][2].name, "has no order, so it comes after what has one")
testing.equal(q:get(), { 10, 10 })

-- What has no order at all is no item, not even the first.
q = queue.PriorityQueue()
local words = "number, string or array of these expected, got "
refused(q, { name = "x" }, words .. "table; PriorityQueue{key = 'name'} orders tables by a field")
refused(q, print, words .. "function")
refused(q, { { name = "x" }, 1 }, words .. "table")
testing.raises(TypeError, "bad argument #1 to 'put' (" .. words .. "nil", q.put, q, nil)

-- put_many looks at all before the first is in: among themselves, and beside what is there.
testing.raises(TypeError, "between instances of 'string' and 'number'", q.put_many, q, { 1, 2, "3" })
testing.equal(q:qsize(), 0)
q:put(1)
testing.raises(TypeError, "between instances of 'string' and 'number'", q.put_many, q, { "a", "b" })
testing.raises(TypeError, "bad argument #1 to 'put_many' (items[3]: number, string", q.put_many, q, { 1, 2, {x = 1} })
testing.equal(q:qsize(), 1)


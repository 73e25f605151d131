local testing = require "testing"
local queue = require "queue"
local threading = require "threading"
local exceptions = require "exceptions"

local orders = {
  [queue.Queue] = { 3, 1, 2 }, [queue.SimpleQueue] = { 3, 1, 2 }, [queue.LifoQueue] = { 2, 1, 3 },
  [queue.PriorityQueue] = { 1, 2, 3 },
}
for class, order in pairs(orders) do
  local q = class()
  testing.equal(select("#", q:put_many { 3, 1, 2 }), 0)
  testing.equal(q:qsize(), 3)
  testing.equal(q:get_many(10), order)
  q:put_many {}
  testing.equal(q:qsize(), 0)
  q:put_many { 3, 1, 2 }
  testing.equal({ q:get_many(1)[1], q:get_many(1)[1], q:get_many(1)[1] }, order)
  -- It waits for the first, and for that alone.
  testing.raises(queue.Empty, q.get_many, q, 2, 0.01)
  testing.raises(queue.Empty, q.get_many, q, { n = 2, timeout = 0 })
  local thread = threading.Thread { target = function() return q:get_many(5) end }
  thread:start()
  q:put("only")
  testing.equal(thread:result(), { "only" })
  testing.equal(q:empty(), true)
end

local q = queue.Queue()
-- Without n: all that is there. The second result is the number, since nil may be among them.
q:put_many(table.pack(1, nil, false, nil))
local items, count = q:get_many()
testing.equal({ items[1], items[2], items[3], count }, { 1, nil, false, 4 })
for _, n in ipairs { 0, -1 } do
  testing.raises(exceptions.ValueError, "'n' must be a positive number", q.get_many, q, n)
end
testing.raises(exceptions.ValueError, "'timeout' must be a non-negative number", q.get_many, q, 1, -1)
testing.raises(exceptions.TypeError, "bad argument #1 to 'get_many' (n: number expected, got string)", q.get_many, q, "x")
testing.raises(exceptions.TypeError, "bad argument #1 to 'put_many' (table expected, got nil)", q.put_many, q)

-- Named arguments of other calls are no items, and what cannot cross is refused before the first is in.
testing.raises(
  exceptions.TypeError, "cannot pass to another thread: items[3].f: a coroutine", q.put_many, q,
  { 1, 2, { f = coroutine.create(print) }, 4 })
testing.raises(exceptions.TypeError, "cannot pass to another thread: items[1]: a coroutine", q.put_many, q, { coroutine.create(print) })
testing.equal(q:qsize(), 0)

-- A bounded queue takes what there is room for, and the rest as places become free.
q = queue.Queue(3)
local putter = threading.Thread {
  target = function()
    local all = {}
    for i = 1, 1000 do all[i] = i end
    q:put_many(all)
    return q.unfinished_tasks
  end,
}
putter:start()
local seen = 0
while seen < 1000 do
  local items, n = q:get_many(2)
  assert(n >= 1 and n <= 2)
  for i = 1, n do
    seen = seen + 1
    testing.equal(items[i], seen)
  end
end
testing.equal(putter:result(), 1000)

-- The end comes in the middle: what was in stays in.
q = queue.Queue(2)
putter = threading.Thread {
  target = function()
    local ok, e = pcall(q.put_many, q, { 1, 2, 3, 4 })
    return ok, queue.ShutDown:is(e)
  end,
}
putter:start()
testing.equal(q:get(), 1)
-- The third takes the place of the first, and then the putter waits again, or is about to.
while q:qsize() < 2 do end
q:shutdown()
testing.equal({ putter:result() }, { false, true })
testing.equal(q:get_many(), { 2, 3 })
testing.raises(queue.ShutDown, q.get_many, q, 1)

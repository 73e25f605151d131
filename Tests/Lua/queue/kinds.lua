-- The three with bounds and tasks do the same in all but the order.
local testing = require "testing"
local threading = require "threading"
local queue = require "queue"
local size = 5

-- Calls `f` here while another thread, once this one is at it, calls `release`.
local function blocking(f, release)
  local go = threading.Event()
  local thread = threading.Thread { target = function() go:wait() release() end }
  thread:start()
  assert(not go:is_set())
  go:set()
  local result = f()
  thread:join()
  thread:result()
  return result
end

local function check_basics(q, order)
  assert(q:empty() and not q:full())
  q:put(111) q:put(333) q:put(222)
  testing.equal({ q:get(), q:get(), q:get() }, order)
  for i = 1, size - 1 do
    q:put(i)
    assert(not q:empty() and not q:full())
  end
  q:put(2 * size)
  assert(q:full() and not q:empty())
  testing.raises(queue.Full, q.put, q, 30, false)
  testing.raises(queue.Full, q.put, q, 30, true, 0.01)
  blocking(function() q:put(30) end, function() q:get() end)
  blocking(function() q:put(30, true, 60) end, function() q:get() end)
  for _ = 1, size do q:get() end
  assert(q:empty())
  testing.raises(queue.Empty, q.get, q, false)
  testing.raises(queue.Empty, q.get, q, { timeout = 0.01 })
  testing.equal(blocking(function() return q:get() end, function() q:put("empty") end), "empty")
  testing.equal(blocking(function() return q:get(true, 60) end, function() q:put("empty") end), "empty")
end

local function check_nowait(class)
  local q = class(size)
  for _ = 1, size do q:put_nowait(1) end
  testing.raises(queue.Full, q.put_nowait, q, 1)
  for _ = 1, size do q:get_nowait() end
  testing.raises(queue.Empty, q.get_nowait, q)
end

local function check_signs(class)
  for _, bound in ipairs { 0, -1 } do
    local q = class(bound)
    for i = 1, 1000 do q:put_nowait(i) end
    testing.equal({ q:full(), q:qsize() }, { false, 1000 })
  end
end

local orders = {
  { queue.Queue, { 111, 333, 222 } }, { queue.LifoQueue, { 222, 333, 111 } }, { queue.PriorityQueue, { 111, 222, 333 } },
}
for _, kind in ipairs(orders) do
  local class, order = table.unpack(kind)
  local q = class(size)
  assert(queue.Queue:is(q) and class:is(q) and q.class == class)
  -- Twice, to see that nothing is left behind.
  check_basics(q, order)
  check_basics(q, order)
  check_nowait(class)
  check_signs(class)
end
assert(not queue.LifoQueue:is(queue.Queue()) and not queue.Queue:is(queue.SimpleQueue()))

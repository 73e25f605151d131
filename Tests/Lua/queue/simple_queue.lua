local testing = require "testing"
local threading = require "threading"
local queue = require "queue"
local exceptions = require "exceptions"

local q = queue.SimpleQueue()
testing.equal({ q:empty(), q:qsize(), #q, tostring(q) }, { true, 0, 0, "<queue.SimpleQueue qsize=0>" })
q:put(1)
q:put(2)
q:put_nowait(3)
-- Options are taken and mean nothing: put never waits.
q:put(4, false)
q:put(5, true, -1)
testing.equal({ q:empty(), q:qsize() }, { false, 5 })
testing.equal({ q:get(), q:get_nowait(), q:get(false), q:get { timeout = 0.1 }, q:get(true, 0) }, { 1, 2, 3, 4, 5 })
testing.raises(queue.Empty, q.get_nowait, q)
testing.raises(queue.Empty, q.get, q, false)
testing.raises(queue.Empty, q.get, q, true, 0.001)
testing.raises(queue.Empty, q.get, q, { block = false, timeout = -1 })
q:put(1)
testing.raises(exceptions.ValueError, "'timeout' must be a non-negative number", q.get, q, { timeout = -1 })
testing.equal(q:get(), 1)

-- No bound, no tasks, no end.
for _, name in ipairs { "full", "task_done", "join", "shutdown", "maxsize", "is_shutdown", "unfinished_tasks" } do
  testing.equal(q[name], nil, name)
end
testing.raises(exceptions.TypeError, "SimpleQueue() takes no arguments (1 given)", queue.SimpleQueue, 3)
testing.raises(exceptions.TypeError, "named argument 'maxsize'", queue.SimpleQueue, { maxsize = 3 })

-- One producer, one consumer: in order.
local feeder = threading.Thread { target = function() for i = 1, 1000 do q:put(i) end q:put(nil) end }
feeder:start()
local count = 0
for item in q:items() do
  count = count + 1
  testing.equal(item, count)
end
testing.equal(count, 1000)
feeder:join()

-- Many on both sides, waiting in three ways: each item comes out once.
local ways = {
  function(q) return q:get() end,
  function(q)
    while true do
      local ok, item = pcall(q.get, q, false)
      if ok then return item end
      assert(queue.Empty:is(item))
    end
  end,
  function(q)
    while true do
      local ok, item = pcall(q.get, q, true, 1e-5)
      if ok then return item end
      assert(queue.Empty:is(item))
    end
  end,
}
for _, get in ipairs(ways) do
  local results, threads, n, each = queue.SimpleQueue(), {}, 6, 100
  for i = 1, n do
    threads[2 * i - 1] = threading.Thread {
      target = function()
        for k = 1, each do q:put((i - 1) * each + k) end
        q:put("end")
      end,
    }
    threads[2 * i] = threading.Thread {
      target = function()
        while true do
          local item = get(q)
          if item == "end" then return end
          results:put(item)
        end
      end,
    }
  end
  for _, thread in ipairs(threads) do thread:start() end
  for _, thread in ipairs(threads) do thread:result() end
  testing.equal({ q:empty(), q:qsize(), results:qsize() }, { true, 0, n * each })
  local seen = results:get_many(n * each)
  table.sort(seen)
  for i = 1, n * each do testing.equal(seen[i], i) end
end

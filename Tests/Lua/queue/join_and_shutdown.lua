local testing = require "testing"
local threading = require "threading"
local queue = require "queue"
local exceptions = require "exceptions"

-- join waits for task_done of every item.
local q = queue.Queue()
for i = 1, 10 do q:put(i) end
local sums = queue.Queue()
local worker = threading.Thread {
  target = function()
    local sum = 0
    for i in q:items() do
      sum = sum + i
      if i == 10 then sums:put(sum) end
      q:task_done()
    end
    return "worker ended"
  end,
}
worker:start()
q:join()
testing.equal(sums:get_nowait(), 55)
testing.raises(exceptions.ValueError, "task_done() called too many times", q.task_done, q)

-- shutdown: put raises at once, get drains first, items() ends.
q:put(0)
q:shutdown()
testing.raises(queue.ShutDown, q.put, q, 1)
testing.equal(worker:result(), "worker ended")
testing.raises(queue.ShutDown, q.get, q)

-- shutdown wakes who waits.
local blocked = queue.Queue(1)
blocked:put("full")
local putter = threading.Thread { target = function() return pcall(blocked.put, blocked, 2) end }
putter:start()
blocked:shutdown(true)
local ok, e = putter:result()
assert(not ok and queue.ShutDown:is(e))
testing.equal(blocked:qsize(), 0)

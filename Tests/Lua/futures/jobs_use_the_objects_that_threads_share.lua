local testing = require "testing"
local futures = require "futures"
local queue = require "queue"
local threading = require "threading"

-- A job submits to its own executor, if there is a worker left.
local ex <close> = futures.ThreadPoolExecutor(2)
testing.equal(ex:submit(function(ex) return ex:submit(math.max, 1, 2):result() + 1 end, ex):result(), 3)

-- A future goes through a queue, and is the same one on the other side.
local q = queue.Queue()
local f = futures.Future()
f.label = "mine"
local t = threading.Thread {
  target = function()
    local future = q:get()
    future:set_running_or_notify_cancel()
    future:set_result { label = future.label }
  end,
}
t:start()
q:put(f)
testing.equal(f:result().label, "mine")
t:join()
assert(ex:submit(function(future) return future end, f):result() == f)
testing.equal(ex:submit(function(future) return future:result().label end, f):result(), "mine")

-- Who waits in one thread is woken by a cancel in another.
f = futures.Future()
local waiting = threading.Event()
local job = ex:submit(function()
  waiting:set()
  return f:exception()
end)
waiting:wait()
f:cancel()
testing.raises(futures.CancelledError, job.result, job)


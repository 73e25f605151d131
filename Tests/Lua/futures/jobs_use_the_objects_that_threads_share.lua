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


-- Globals that a job reads are those of the moment of its submission, unless the worker has set them itself.
setting, kept = 1, 1
local function read() return setting end
testing.equal(ex:submit(read):result(), 1)
setting = 2
testing.equal(ex:submit(read):result(), 2)
local one <close> = futures.ThreadPoolExecutor(1)
one:submit(function() kept = 10 end):result()
testing.equal(one:submit(function() return kept end):result(), 10)

-- Methods of objects, and functions of modules, go by name.
local event = threading.Event()
ex:submit(event.set, event):result()
assert(event:is_set())
ex:submit(q.put, q, "by name"):result()
testing.equal(q:get(), "by name")

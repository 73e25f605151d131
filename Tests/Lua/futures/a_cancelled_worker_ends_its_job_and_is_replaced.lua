local testing = require "testing"
local futures = require "futures"
local threading = require "threading"

local ex <close> = futures.ThreadPoolExecutor(1, "pool")
local function worker() return threading.enumerate()[2] end

-- Out of an endless loop, and out of a wait; cancel of the future does not do that.
for _, body in ipairs { function(began) began:set() while true do end end, function(began) began:set() threading.Event():wait() end } do
  local began = threading.Event()
  local job, later = ex:submit(body, began), ex:submit(math.abs, -7)
  began:wait()
  testing.equal(job:cancel(), false)
  local t = worker()
  t:cancel()
  local e = testing.raises(futures.CancelledError, "was cancelled", job.result, job)
  assert(threading.CancelledError:is(e))
  testing.equal(job:cancelled(), false)
  testing.equal(later:result(), 7)
  t:join()
  testing.equal(t.state, "cancelled")
  assert(worker().name ~= t.name)
end

-- An idle one.
local t = worker()
t:cancel()
t:join()
testing.equal(threading.active_count(), 1)
testing.equal(ex:submit(math.abs, -8):result(), 8)

-- The callbacks of its job run all the same, on a thread that has time for them.
local queue = require "queue"
local began, answers = threading.Event(), queue.Queue()
local job = ex:submit(function() began:set() while true do end end)
job:add_done_callback(function(f)
  answers:put { threading.current_thread().name, futures.CancelledError:is(f:exception()) }
end)
began:wait()
worker():cancel()
testing.equal(answers:get(), { "FutureCallbacks_0", true })

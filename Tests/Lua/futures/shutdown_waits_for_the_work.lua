local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"
local threading = require "threading"

local before = threading.active_count()
local function blocked(n, max_workers)
  local ex, gate, fs = futures.ThreadPoolExecutor(max_workers), threading.Event(), {}
  for i = 1, n do fs[i] = ex:submit(function() gate:wait() return i end) end
  return ex, gate, fs
end

-- All that was submitted is done.
local ex, gate, fs = blocked(50, 3)
gate:set()
ex:shutdown()
for i, f in ipairs(fs) do testing.equal(f:result(0), i) end
testing.equal(threading.active_count(), before)
testing.raises(exceptions.RuntimeError, "cannot schedule new futures after shutdown", ex.submit, ex, print)
ex:shutdown()
ex:close()

-- Without waiting.
ex, gate, fs = blocked(5, 5)
ex:shutdown(false)
testing.equal(fs[5]:done(), false)
testing.raises(exceptions.RuntimeError, ex.submit, ex, print)
gate:set()
ex:shutdown { wait = true }
testing.equal(fs[5]:result(0), 5)

-- With what is pending cancelled; it counts as noticed, so that those who wait for it hear of it.
ex, gate, fs = blocked(50, 5)
ex:shutdown(false, { cancel_futures = true })
local cancelled = {}
for _, f in ipairs(fs) do if f:cancelled() then cancelled[#cancelled + 1] = f end end
assert(#cancelled >= 45, #cancelled)
testing.equal(#futures.wait(cancelled), #cancelled)
gate:set()
ex:shutdown()
for _, f in ipairs(fs) do assert(f:done() and (f:cancelled() or f:exception() == nil)) end

-- A future that was cancelled a moment ago does not hold it up.
ex = futures.ThreadPoolExecutor(1)
ex:submit(math.abs, 1):result()
ex:submit(math.abs, 1):cancel()
ex:shutdown(true)

-- A to-be-closed variable is Python's with block, also on the way out of an error.
local inner
testing.raises("out", function()
  local e <close> = futures.ThreadPoolExecutor(2)
  inner = e:submit(function() return "done" end)
  error("out")
end)
testing.equal(inner:result(0), "done")
testing.equal(threading.active_count(), before)

-- Before any work there is nothing to wait for.
futures.ThreadPoolExecutor(1):shutdown()
testing.raises(exceptions.TypeError, "unexpected named argument 'now'", ex.shutdown, ex, { now = true })

-- A worker cannot wait for itself.
ex = futures.ThreadPoolExecutor(1)
local own = ex:submit(function(e) e:shutdown() end, ex)
testing.raises(exceptions.RuntimeError, "cannot join current thread", own.result, own)
ex:shutdown()

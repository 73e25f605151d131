local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"
local threading = require "threading"

local cancelled, notified, failed, finished = futures.Future(), futures.Future(), futures.Future(), futures.Future()
cancelled:cancel()
notified:cancel()
notified:set_running_or_notify_cancel()
failed:set_exception(exceptions.OSError())
finished:set_result(42)

local function mul(x, y) return x * y end
local function raise_after(event)
  event:wait()
  error("this is an error")
end

local ex = futures.ThreadPoolExecutor(5)
local event = threading.Event()
local waiting = {}
local function wait_for_event()
  local f = ex:submit(function() event:wait() end)
  waiting[#waiting + 1] = f
  return f
end

-- Each once.
local f = ex:submit(mul, 1, 2)
local done, not_done = futures.wait({ f, f }, nil, futures.ALL_COMPLETED)
testing.equal(done, { f })
testing.equal(not_done, {})

-- FIRST_COMPLETED; a cancelled one counts when a worker has noticed.
local f1, f2 = ex:submit(mul, 21, 2), wait_for_event()
done, not_done = futures.wait({ cancelled, f1, f2 }, { return_when = futures.FIRST_COMPLETED })
testing.equal(done, { f1 })
testing.equal(not_done, { cancelled, f2 })
done, not_done = futures.wait({ notified, finished, f2 }, nil, "FIRST_COMPLETED")
testing.equal(done, { notified, finished })
testing.equal(not_done, { f2 })

-- FIRST_EXCEPTION
local go = threading.Event()
local good, bad, late = ex:submit(mul, 2, 21), ex:submit(raise_after, go), wait_for_event()
local t = threading.Thread { target = function() good:result() go:set() end }
t:start()
done, not_done = futures.wait({ good, bad, late }, nil, futures.FIRST_EXCEPTION)
testing.equal(done, { good, bad })
testing.equal(not_done, { late })
t:join()
done, not_done = futures.wait({ finished, cancelled, notified, bad, late }, nil, futures.FIRST_EXCEPTION)
testing.equal(done, { finished, notified, bad })
testing.equal(not_done, { cancelled, late })
done, not_done = futures.wait { fs = { failed, late }, return_when = futures.FIRST_EXCEPTION }
testing.equal(done, { failed })
testing.equal(not_done, { late })

-- ALL_COMPLETED, and with a timeout, which raises nothing.
done, not_done = futures.wait { finished, notified, failed, good, bad }
testing.equal(done, { finished, notified, failed, good, bad })
testing.equal(not_done, {})
for _, timeout in ipairs { 0, 0.02, -1 } do
  done, not_done = futures.wait({ notified, failed, finished, late }, timeout)
  testing.equal(done, { notified, failed, finished })
  testing.equal(not_done, { late })
end
done, not_done = futures.wait({})
testing.equal({ done, not_done }, { {}, {} })

-- A table with futures as keys, and an iterator, are as good as an array.
done = futures.wait { [good] = "good", [failed] = "failed" }
testing.equal(#done, 2)
local list, i = { good, failed, good }, 0
done = futures.wait(function() i = i + 1 return list[i] end)
testing.equal(done, { good, failed })

-- Anything else is refused.
testing.raises(exceptions.TypeError, "Future expected, got number", futures.wait, { good, 5 })
testing.raises(exceptions.TypeError, "array or iterator expected, got nil", futures.wait)
testing.raises(exceptions.TypeError, "array or iterator expected, got Future", futures.wait, good)
testing.raises(exceptions.ValueError, "Invalid return condition: 'SOON'", futures.wait, { good }, nil, "SOON")
testing.raises(exceptions.TypeError, "unexpected named argument 'when'", futures.wait, { good }, { when = 1 })

event:set()
done = futures.wait(waiting)
testing.equal(#done, #waiting)
ex:shutdown()

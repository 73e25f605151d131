local testing = require "testing"
local threading = require "threading"
local RuntimeError = require "exceptions".RuntimeError

local lock = threading.RLock()
local condition, ready = threading.Condition(lock), threading.Event()
local waiter = threading.Thread {
  target = function()
    for _ = 1, 3 do lock:acquire() end
    ready:set()
    local notified = condition:wait()
    for _ = 1, 3 do lock:release() end
    return notified, pcall(lock.release, lock)
  end,
}
waiter:start()
ready:wait()
lock:acquire() -- possible only because the wait has released all three
testing.contains(tostring(lock), "count=1")
condition:notify()
lock:release()
local notified, released, problem = waiter:result()
testing.equal({ notified, released }, { true, false })
assert(RuntimeError:is(problem))

-- After a wait whose time was up too, and after an error in it.
lock:acquire()
lock:acquire()
testing.equal(condition:wait(0.001), false)
testing.contains(tostring(lock), "count=2")
testing.raises("predicate failed", condition.wait_for, condition, function() error("predicate failed") end)
testing.contains(tostring(lock), "count=2")
lock:release()
lock:release()
testing.equal(lock:locked(), false)

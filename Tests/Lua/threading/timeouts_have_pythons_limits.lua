local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"

local lock, recursive, event = threading.Lock(), threading.RLock(), threading.Event()
local condition, semaphore, barrier = threading.Condition(lock), threading.Semaphore(0), threading.Barrier(2)
testing.equal(threading.TIMEOUT_MAX, 9223372036.0)
lock:acquire()
local waits = {
  { lock, "acquire", true }, { recursive, "acquire", true }, { event, "wait" }, { condition, "wait" },
  { semaphore, "acquire", true }, { barrier, "wait" },
}
for _, wait in ipairs(waits) do
  local object, method = wait[1], wait[2]
  local function call(timeout)
    if wait[3] then return object[method](object, true, timeout) end
    return object[method](object, timeout)
  end
  testing.raises(exceptions.OverflowError, "timeout value is too large", call, threading.TIMEOUT_MAX + 1)
  testing.raises(exceptions.OverflowError, call, 1e100)
  testing.raises(exceptions.OverflowError, call, math.huge)
  testing.raises(exceptions.ValueError, "Invalid value NaN (not a number)", call, 0 / 0)
  testing.raises(exceptions.TypeError, "timeout: number expected, got string", call, "1")
  testing.raises(exceptions.TypeError, "timeout: number expected, got boolean", call, true)
end

-- The longest is allowed.
lock:release()
testing.equal(lock:acquire(true, threading.TIMEOUT_MAX), true)
event:set()
testing.equal(event:wait(threading.TIMEOUT_MAX), true)

-- Locks refuse negative ones but for -1; elsewhere they are no time.
testing.raises(exceptions.ValueError, "timeout value must be a non-negative number", lock.acquire, lock, true, -2)
testing.raises(exceptions.ValueError, "timeout value must be a non-negative number", lock.acquire, lock, { timeout = -0.5 })
testing.raises(exceptions.ValueError, "can't specify a timeout for a non-blocking call", lock.acquire, lock, false, 1)
testing.equal(lock:acquire(false, -1), false)
event:clear()
testing.equal({ event:wait(-1), event:wait(0), condition:wait(-1), semaphore:acquire(true, -1) },
  { false, false, false, false })

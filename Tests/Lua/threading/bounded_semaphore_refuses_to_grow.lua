local testing = require "testing"
local threading = require "threading"
local ValueError = require "exceptions".ValueError

local bounded = threading.BoundedSemaphore { value = 2 }
testing.raises(ValueError, "Semaphore released too many times", bounded.release, bounded)
bounded:acquire()
testing.raises(ValueError, "Semaphore released too many times", bounded.release, bounded, 2)
testing.contains(tostring(bounded), "value=1/2") -- unchanged
bounded:release()
testing.contains(tostring(bounded), "value=2/2")

-- It is a semaphore; a plain one has no bound.
assert(threading.Semaphore:is(bounded) and not threading.BoundedSemaphore:is(threading.Semaphore()))
testing.equal(threading.BoundedSemaphore.super, threading.Semaphore)
local plain = threading.Semaphore(1)
plain:release()
testing.contains(tostring(plain), "value=2")

-- Used by many threads it comes back to its bound.
for limit = 1, 5 do
  local semaphore = threading.BoundedSemaphore(limit)
  for _, method in ipairs { "acquire", "release" } do
    local threads = {}
    for i = 1, limit do
      threads[i] = threading.Thread { target = function() semaphore[method](semaphore) end }
      threads[i]:start()
    end
    for _, thread in ipairs(threads) do thread:join() end
  end
  testing.raises(ValueError, semaphore.release, semaphore)
end

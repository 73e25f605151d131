-- Threads that hold what the next one wants, in a circle of any size, are all told who holds what.
local testing = require "testing"
local threading = require "threading"

local function ring(count, new)
  local locks, threads, meeting = {}, {}, threading.Barrier(count)
  for i = 1, count do locks[i] = new() end
  for i = 1, count do
    threads[i] = threading.Thread {
      name = "philosopher " .. i,
      target = function(mine, other)
        local left <close> = mine:hold()
        meeting:wait()
        local right <close> = other:hold()
      end,
      args = { locks[i], locks[i % count + 1] },
    }
  end
  for _, thread in ipairs(threads) do thread:start() end
  for i, thread in ipairs(threads) do
    local e = testing.raises(threading.DeadlockError, thread.result, thread)
    testing.contains(e, "deadlock: philosopher 1")
    testing.contains(e, "wait for each other")
    for j = 1, count do
      local line = tostring(e):match("philosopher " .. j .. " waits in [^\n]*")
      testing.contains(line, ", held by philosopher " .. j % count + 1)
    end
    -- Whoever waits for one of them is told nothing: it is about to end.
    testing.contains(e, "MainThread waits in Thread.join at ")
    testing.contains(tostring(e):match("MainThread[^\n]*"), " for philosopher ")
  end
  for _, lock in ipairs(locks) do testing.equal(lock:locked(), false) end
end

-- The threads' errors are expected.
threading.excepthook = function() end
ring(2, threading.Lock)
ring(2, threading.RLock)
ring(3, threading.Lock)
ring(7, threading.RLock)

-- Jobs of an executor: the classic one that waits for another of its only worker, and what a future makes of the error.
local testing = require "testing"
local threading, futures, queue = require "threading", require "futures", require "queue"

local executor <close> = futures.ThreadPoolExecutor(1, "pool")
local outer = executor:submit(function()
  local inner = executor:submit(function() return 1 end)
  return inner:result()
end)
local e = testing.raises(threading.DeadlockError, outer.result, outer)
testing.contains(e, "pool_0 waits in Future.result at ")
testing.contains(e, "which nobody works on")
testing.contains(tostring(e):match("MainThread waits[^\n]*"), "which pool_0 works on")

-- The worker goes on with what was waiting, and with the next.
testing.equal(executor:submit(function() return 2 end):result(), 2)

-- wait and as_completed end with the futures.
local never = threading.Event()
local stuck = executor:submit(never.wait, never)
testing.equal(#futures.wait { stuck }, 1)
assert(threading.DeadlockError:is(stuck:exception()))
stuck = executor:submit(never.wait, never)
for future in futures.as_completed { stuck } do assert(threading.DeadlockError:is(future:exception())) end
stuck = executor:submit(never.wait, never)
executor:shutdown()
assert(threading.DeadlockError:is(stuck:exception()))

-- An idle worker is nobody who could wake the others, and is told nothing.
local idle <close> = futures.ThreadPoolExecutor(2)
testing.equal(idle:submit(math.max, 1, 3):result(), 3)
local q = queue.Queue()
testing.raises(threading.DeadlockError, q.get, q)
testing.equal(idle:submit(math.max, 1, 4):result(), 4)

-- A future that nobody will ever do.
local future = futures.Future()
e = testing.raises(threading.DeadlockError, future.result, future)
testing.contains(e, "for Future, which nobody works on")

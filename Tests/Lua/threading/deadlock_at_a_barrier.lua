-- A party that never comes: those who wait are told, and the barrier is broken as by any error.
local testing = require "testing"
local threading = require "threading"

local barrier = threading.Barrier(4)
local function meet() return select(2, pcall(barrier.wait, barrier)) end
local threads = {}
for i = 1, 3 do
  threads[i] = threading.Thread { target = meet }
  threads[i]:start()
end
for _, thread in ipairs(threads) do
  local e = thread:result()
  assert(threading.DeadlockError:is(e), e)
  testing.contains(e, "where 3 of 4 parties have come")
end
testing.equal({ barrier.broken, barrier.n_waiting }, { true, 0 })
testing.raises(threading.BrokenBarrierError, barrier.wait, barrier)
barrier:reset()
threads = {}
for i = 1, 3 do
  threads[i] = threading.Thread { target = meet }
  threads[i]:start()
end
assert(math.type(meet()) == "integer")
for _, thread in ipairs(threads) do assert(math.type(thread:result()) == "integer") end

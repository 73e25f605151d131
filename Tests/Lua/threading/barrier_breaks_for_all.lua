local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue
local exceptions = require "exceptions"
local Broken = threading.BrokenBarrierError

testing.equal(Broken.super, exceptions.RuntimeError)

-- Starts threads that wait, and gives a function that collects what became of the waits.
local function waiting(barrier, count, timeout)
  local outcomes, threads = Queue(), {}
  for i = 1, count do
    threads[i] = threading.Thread { target = function() outcomes:put { pcall(barrier.wait, barrier, timeout) } end }
    threads[i]:start()
  end
  return function()
    for _, thread in ipairs(threads) do thread:join() end
    local classes = {}
    for i = 1, count do
      local ok, result = table.unpack(outcomes:get())
      classes[i] = ok and result or result.class
    end
    return classes
  end
end
local function until_waiting(barrier, count)
  while barrier.n_waiting < count do threading.Event():wait(0.001) end
end

-- By abort; broken it stays, until it is reset.
local barrier = threading.Barrier(3)
local outcomes = waiting(barrier, 2)
until_waiting(barrier, 2)
barrier:abort()
testing.equal(outcomes(), { Broken, Broken })
testing.equal({ barrier.broken, barrier.n_waiting }, { true, 0 })
testing.equal(tostring(testing.raises(Broken, barrier.wait, barrier)), "")
barrier:reset()
testing.equal(barrier.broken, false)

-- By reset, which leaves it whole.
outcomes = waiting(barrier, 2)
until_waiting(barrier, 2)
barrier:reset()
testing.equal(outcomes(), { Broken, Broken })
testing.equal(barrier.broken, false)

-- By the time of one of them.
outcomes = waiting(barrier, 1)
until_waiting(barrier, 1)
testing.raises(Broken, barrier.wait, barrier, 0.002)
testing.equal(outcomes(), { Broken })
barrier:reset()
testing.raises(Broken, barrier.wait, barrier, { timeout = -1 })
testing.equal(barrier.broken, true)

-- By the time that the barrier itself has.
testing.raises(Broken, function() threading.Barrier { parties = 2, timeout = 0.002 }:wait() end)

-- By an error of the action, which its thread gets as it was.
barrier = threading.Barrier(2, function() error(exceptions.KeyError("action")) end)
outcomes = waiting(barrier, 2)
local found = {}
for _, class in ipairs(outcomes()) do found[class] = (found[class] or 0) + 1 end
testing.equal(found, { [Broken] = 1, [exceptions.KeyError] = 1 })
testing.equal(barrier.broken, true)
local plain = threading.Barrier(1, function() error({ code = 7 }) end)
local _, problem = pcall(plain.wait, plain)
testing.equal(problem, { code = 7 })

-- By a party that is cancelled.
barrier = threading.Barrier(3)
outcomes = waiting(barrier, 1)
local cancelled = threading.Thread { target = function() barrier:wait() end }
cancelled:start()
until_waiting(barrier, 2)
cancelled:cancel()
testing.equal(outcomes(), { Broken })
testing.equal({ barrier.broken, barrier.n_waiting }, { true, 0 })
cancelled:join()
testing.equal(cancelled.state, "cancelled")

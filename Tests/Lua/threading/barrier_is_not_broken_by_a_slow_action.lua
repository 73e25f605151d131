-- Once all have arrived no time-out counts, as in Python.
local testing = require "testing"
local threading = require "threading"

local entered, go_on = threading.Event(), threading.Event()
local barrier = threading.Barrier {
  parties = 2,
  timeout = 0.05,
  action = function()
    entered:set()
    go_on:wait()
  end,
}
local threads = {}
for i = 1, 2 do
  threads[i] = threading.Thread { target = function() return barrier:wait(i == 1 and 60 or nil) end }
end
-- The first waits long for the second, then it would be late.
threads[1]:start()
threads[2]:start()
entered:wait()
testing.equal(barrier.n_waiting, 2)
-- Who comes now is no party of this round, however long that takes.
local late = threading.Thread { target = function() return pcall(barrier.wait, barrier, 0.001) end }
late:start()
threading.Event():wait(0.06) -- longer than the barrier's timeout
go_on:set()
local sum = threads[1]:result() + threads[2]:result()
testing.equal(sum, 1)
local ok, problem = late:result()
testing.equal({ ok, problem.class }, { false, threading.BrokenBarrierError })

-- A cancelled party ends it even then; the one in the action hears of it when the action is over.
entered:clear()
go_on:clear()
barrier:reset()
for i = 1, 2 do
  threads[i] = threading.Thread { target = function() return pcall(barrier.wait, barrier) end, daemon = true }
  threads[i]:start()
end
entered:wait()
threads[1]:cancel()
threads[2]:cancel()
threads[1]:join()
threads[2]:join()
testing.equal({ threads[1].state, threads[2].state, barrier.broken }, { "cancelled", "cancelled", true })

local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local parties = 5
local barrier, second = threading.Barrier { parties = parties, timeout = 60 }, threading.Barrier(parties)
local passed, broken, again = Queue(), Queue(), Queue()
local threads = {}
for i = 1, parties do
  threads[i] = threading.Thread {
    target = function()
      local number = barrier:wait()
      if number == parties // 2 then
        barrier:abort()
      else
        local ok, problem = pcall(barrier.wait, barrier)
        if ok then passed:put(true) else broken:put(problem.class) end
      end
      -- All have left it when one resets it, and nobody enters it before.
      if second:wait() == parties // 2 then barrier:reset() end
      second:wait()
      barrier:wait()
      again:put(true)
    end,
  }
  threads[i]:start()
end
for _, thread in ipairs(threads) do thread:join() end
testing.equal({ passed:qsize(), broken:qsize(), again:qsize() }, { 0, parties - 1, parties })
for _ = 1, parties - 1 do testing.equal(broken:get(), threading.BrokenBarrierError) end
testing.equal({ barrier.broken, barrier.n_waiting, tostring(barrier):match("waiters=%d/%d") }, { false, 0, "waiters=0/5" })

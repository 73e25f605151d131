local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue
local exceptions = require "exceptions"

local parties, rounds = 5, 10
local barrier, before, after = threading.Barrier(parties), Queue(), Queue()
local threads = {}
for i = 1, parties do
  threads[i] = threading.Thread {
    target = function()
      local numbers = {}
      for round = 1, rounds do
        before:put(true)
        testing.equal(after:qsize(), (round - 1) * parties)
        numbers[round] = barrier:wait()
        after:put(true)
        testing.equal(before:qsize(), round * parties)
        barrier:wait()
      end
      return numbers
    end,
  }
  threads[i]:start()
end
local sums = {}
for _, thread in ipairs(threads) do
  for round, number in ipairs(thread:result()) do
    assert(math.type(number) == "integer" and number >= 0 and number < parties)
    sums[round] = (sums[round] or 0) + number
  end
end
for round = 1, rounds do testing.equal(sums[round], 10) end -- 0 + 1 + 2 + 3 + 4
testing.equal({ barrier.n_waiting, barrier.broken, barrier.parties }, { 0, false, 5 })

local alone = threading.Barrier(1)
testing.equal({ alone:wait(), alone:wait(), alone:wait(0) }, { 0, 0, 0 })

testing.raises(exceptions.ValueError, "parties must be >= 1", threading.Barrier, 0)
testing.raises(exceptions.ValueError, "parties must be >= 1", threading.Barrier, { parties = -1 })
testing.raises(exceptions.TypeError, "parties: ", threading.Barrier)
testing.raises(exceptions.TypeError, "action: function expected, got string", threading.Barrier, 2, "action")
testing.raises(exceptions.TypeError, "(known: parties, action, timeout)", threading.Barrier, { party = 2 })
testing.raises(exceptions.AttributeError, function() barrier.parties = 3 end)

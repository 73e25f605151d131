-- The action is one copy with an interpreter of its own, whichever thread runs it: what it keeps is there in the next round.
local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue
local exceptions = require "exceptions"

local seen, count = Queue(), 0
local barrier
barrier = threading.Barrier(3, function()
  count = count + 1
  seen:put { count, threading.current_thread().name }
end)
local threads = {}
for i = 1, 3 do
  threads[i] = threading.Thread {
    name = "party " .. i,
    target = function()
      local sizes = {}
      for round = 1, 20 do
        barrier:wait()
        sizes[round] = seen:qsize() -- the action has run before anybody goes on
        barrier:wait()
      end
      return sizes
    end,
  }
  threads[i]:start()
end
for _, thread in ipairs(threads) do
  for round, size in ipairs(thread:result()) do assert(size >= 2 * round - 1, size) end
end
testing.equal(seen:qsize(), 40)
for expected = 1, 40 do
  testing.equal(seen:get()[1], expected)
end
testing.equal(count, 0)

-- The action sees the barrier from inside.
local inside = Queue()
local one
one = threading.Barrier { parties = 1, action = function() inside:put(true) end }
testing.equal(one:wait(), 0)
testing.equal(inside:qsize(), 1)

testing.raises(exceptions.TypeError, "cannot pass to another thread: action.upvalue 'co': a coroutine", function()
  local co = coroutine.create(print)
  threading.Barrier(2, function() return co end)
end)

-- Actions that make barriers whose actions make barriers come to an end.
local function deeper(level) return threading.Barrier(1, function() deeper(level + 1) end):wait() end
testing.raises(exceptions.RecursionError, deeper, 1)
local thread = threading.Thread { target = function() return select(2, pcall(deeper, 1)) end }
thread:start()
testing.contains(tostring(thread:result()), "100 interpreters within each other")

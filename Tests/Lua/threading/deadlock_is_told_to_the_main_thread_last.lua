-- The main thread usually waits for what the others do: what they make of their error may be all it needs.
local testing = require "testing"
local threading, queue = require "threading", require "queue"

local results, first, second = queue.Queue(), threading.Lock(), threading.Lock()
local meeting = threading.Barrier(2)
local function transfer(from, to)
  local ok, e = pcall(function()
    local a <close> = from:hold()
    meeting:wait()
    local b <close> = to:hold()
  end)
  results:put { ok, threading.DeadlockError:is(e) }
end
threading.Thread { target = transfer, args = { first, second } }:start()
threading.Thread { target = transfer, args = { second, first } }:start()
for _ = 1, 2 do testing.equal(results:get(), { false, true }) end

-- The same where nobody knows who waits for whom.
local never = threading.Event()
local function wait()
  local _, e = pcall(never.wait, never)
  results:put(e.class)
end
local thread = threading.Thread { target = wait }
thread:start()
testing.equal(results:get(), threading.DeadlockError)
thread:join()

-- Without such a reaction it is told.
threading.excepthook = function() end
thread = threading.Thread { target = never.wait, args = { never } }
thread:start()
testing.raises(threading.DeadlockError, results.get, results)
testing.raises(threading.DeadlockError, thread.result, thread)

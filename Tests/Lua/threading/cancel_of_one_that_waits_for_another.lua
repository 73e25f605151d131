-- Cancelling a thread that joins another one leaves the other alone; cancelling the other lets the joiner go on.
local testing = require "testing"
local threading = require "threading"

local go_on, started = threading.Event(), threading.Semaphore(0)
local other = threading.Thread { target = function() started:release() go_on:wait() return "done" end }
local function join()
  started:release()
  other:join()
  return other.state
end
local first, second = threading.Thread { target = join }, threading.Thread { target = join }
other:start()
started:acquire()
first:start()
second:start()
started:acquire()
started:acquire()
first:cancel()
first:join()
testing.equal({ first.state, other.state, second.state }, { "cancelled", "running", "running" })
other:cancel()
testing.equal(second:result(), "cancelled")
testing.equal({ other:is_alive(), second.state }, { false, "finished" })

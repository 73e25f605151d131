-- Finalizers that are due at the end of a cancelled thread have what is left of its grace.
local testing = require "testing"
local threading = require "threading"

local started, finalizing = threading.Event(), threading.Event()
local thread = threading.Thread {
  target = function()
    local object = {}
    require "weakref".finalize(object, function() finalizing:set() while true do pcall(function() while true do end end) end end)
    started:set()
    while object do end
  end,
}
thread:start()
started:wait()
thread:cancel(0.2)
finalizing:wait()
thread:join()
testing.equal(thread.state, "cancelled")

-- A thread that has done its work is cancelled in its finalizers.
finalizing:clear()
thread = threading.Thread {
  target = function()
    threading.kept = {}
    require "weakref".finalize(threading.kept, function() finalizing:set() threading.Event():wait() end)
    return 1
  end,
}
thread:start()
finalizing:wait()
thread:cancel()
thread:join()
testing.equal({ thread.state, thread:result() }, { "finished", 1 })

-- A thread that is cancelled in a barrier will never come: the others learn of it.
local testing = require "testing"
local threading = require "threading"

local barrier = threading.Barrier(3)
local function wait() barrier:wait() end
local cancelled = threading.Thread { target = wait }
local other = threading.Thread { target = function() return pcall(wait) end }
cancelled:start()
other:start()
while barrier.n_waiting < 2 do threading.Event():wait(0.001) end
cancelled:cancel()
cancelled:join()
testing.equal(cancelled.state, "cancelled")
local ok, e = other:result()
testing.equal({ ok, threading.BrokenBarrierError:is(e), barrier.broken }, { false, true, true })

local testing = require "testing"
local threading = require "threading"

local gate = threading.Event()
local t = threading.Thread { target = function() gate:wait() end }
t:start()
for _, timeout in ipairs { 0, -1, -1e9, 0.001 } do
  testing.equal(select("#", t:join(timeout)), 0)
  testing.equal(t:is_alive(), true)
end
testing.equal(select("#", t:join { timeout = 0 }), 0)

-- Several threads wait for one; each may do so again.
local joiners = {}
for i = 1, 10 do
  joiners[i] = threading.Thread { target = function() t:join() t:join(0) return t:is_alive(), t.state end }
  joiners[i]:start()
end
gate:set()
for _, joiner in ipairs(joiners) do testing.equal({ joiner:result() }, { false, "finished" }) end
testing.equal(t:is_alive(), false)
testing.equal({ select("#", t:join()), select("#", t:join(10)) }, { 0, 0 })

-- It stops as soon as the thread has, without being joined.
local quick = threading.Thread { target = function() end }
quick:start()
while quick:is_alive() do threading.Event():wait(0.001) end
testing.contains(tostring(quick), "stopped")

-- A child that is started while another thread's stream is open does not keep that stream's child from seeing its end.
local testing = require "testing"
local threading = require "threading"

local writing = io.popen("cat > /dev/null", "w")
local holder = threading.Thread { target = function() os.execute("sleep 1000") end, daemon = true }
local reading = threading.Thread { target = function() io.popen("sleep 1000"):read() end, daemon = true }
holder:start()
reading:start()
threading.Event():wait(0.05)
testing.equal((writing:close()), true)
holder:cancel()
reading:cancel()
holder:join()
reading:join()

local testing, tasks = require "testing", require "tasks"
local threading, exceptions = require "threading", require "exceptions"

testing.equal(select("#", tasks.sleep(0)), 0)
tasks.sleep(0.001)
tasks.sleep { seconds = 0.001 }

local started = threading.Event()
local t = threading.Thread { target = function() started:set() tasks.sleep(3600) end }
t:start()
started:wait()
t:cancel()
t:join()
testing.equal(t.state, "cancelled")

testing.raises(exceptions.ValueError, "sleep length must be non-negative", tasks.sleep, -1)
testing.raises(exceptions.ValueError, "Invalid value NaN (not a number)", tasks.sleep, 0 / 0)
testing.raises(exceptions.OverflowError, "sleep length is too large", tasks.sleep, math.huge)
testing.raises(exceptions.TypeError, "bad argument #1 to 'sleep'", tasks.sleep, "long")
testing.raises(exceptions.TypeError, "bad argument #1 to 'sleep'", tasks.sleep)

-- Those that Python's documentation still has, as deprecated.
local testing = require "testing"
local threading = require "threading"

local t = threading.Thread()
testing.equal({ t:isDaemon(), t:getName() }, { false, t.name })
t:setDaemon(true)
t:setName("name")
testing.equal({ t.daemon, t.name }, { true, "name" })
testing.equal(threading.Event():isSet(), false)
testing.equal(threading.activeCount(), threading.active_count())
testing.equal(threading.currentThread(), threading.current_thread())
local condition = threading.Condition()
condition:acquire()
condition:notifyAll()
condition:release()
testing.raises(require "exceptions".RuntimeError, condition.notifyAll, condition)

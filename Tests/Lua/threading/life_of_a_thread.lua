local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"

local gate = threading.Event()
local t = threading.Thread { target = function(...) gate:wait() return ... end, args = { 1, nil, "three", n = 3 } }
testing.equal({ t.ident, t.native_id, t:is_alive(), t.daemon, t.state }, { nil, nil, false, false, "initial" })
testing.raises(exceptions.RuntimeError, "cannot join thread before it is started", t.join, t)
t:start()
assert(t:is_alive() and t.state == "running")
testing.raises(exceptions.RuntimeError, "threads can only be started once", t.start, t)
testing.raises(exceptions.RuntimeError, "cannot set daemon status of active thread", function() t.daemon = true end)
testing.raises(exceptions.TimeoutError, t.result, t, 0.01)
t:join(0.01)
assert(t:is_alive())
local found = false
for _, thread in ipairs(threading.enumerate()) do found = found or thread == t end
assert(found and threading.active_count() == 2)
gate:set()
t:join()
testing.equal({ t:result() }, { 1, nil, "three" })
testing.equal({ t:is_alive(), t.state, threading.active_count() }, { false, "finished", 1 })
assert(t.ident ~= threading.get_ident() and t.native_id ~= threading.get_native_id())
t:join() -- again, harmless

testing.raises(exceptions.RuntimeError, "cannot join current thread", function() threading.current_thread():join() end)
testing.equal(threading.current_thread(), threading.main_thread())
testing.equal(threading.main_thread().name, "MainThread")

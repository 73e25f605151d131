local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"
local RuntimeError, TypeError = exceptions.RuntimeError, exceptions.TypeError

testing.raises(exceptions.AssertionError, "group argument must be nil for now", threading.Thread, "group")
testing.raises(exceptions.AssertionError, "group argument", threading.Thread, { group = {} })
testing.raises(TypeError, "target: function expected, got number", threading.Thread, { target = 1 })
testing.raises(TypeError, "target: function expected, got table", threading.Thread, { target = {} })
testing.raises(TypeError, "args: table expected, got number", threading.Thread, { target = print, args = 1 })
testing.raises(TypeError, "kwargs: table expected, got boolean", threading.Thread, { target = print, kwargs = true })
testing.raises(TypeError, "daemon: boolean expected, got number", threading.Thread, { daemon = 1 })
testing.raises(TypeError, "(known: group, target, name, args, kwargs, daemon)", threading.Thread, { arg = {} })
testing.raises(TypeError, "takes at most 5 positional arguments", threading.Thread, nil, print, "n", {}, {}, {}, {})

local t = threading.Thread()
testing.raises(RuntimeError, "cannot join thread before it is started", t.join, t)
testing.raises(RuntimeError, "cannot join thread before it is started", t.result, t)
t:start()
testing.raises(RuntimeError, "threads can only be started once", t.start, t)
t:join()
testing.raises(RuntimeError, "threads can only be started once", t.start, t)
for _, set in ipairs { function() t.daemon = true end, function() t:setDaemon(true) end } do
  testing.raises(RuntimeError, "cannot set daemon status of active thread", set)
end
testing.raises(RuntimeError, "cannot join current thread", function() threading.current_thread():join() end)
local own = threading.Thread { target = function() return select(2, pcall(function() threading.current_thread():join() end)) end }
own:start()
testing.contains(own:result(), "cannot join current thread")
for _, field in ipairs { "ident", "native_id" } do
  testing.raises(exceptions.AttributeError, "is not writable", function() t[field] = 1 end)
end
testing.equal(threading.ThreadError, RuntimeError)
testing.raises(RuntimeError, "threads can only be started once", threading.main_thread().start, threading.main_thread())

-- An object that cannot be started stays one that can.
local stuck = threading.Thread { target = print, args = { coroutine.create(print) } }
testing.raises(TypeError, "cannot pass to another thread: args[1]: a coroutine", stuck.start, stuck)
testing.equal({ stuck.state, stuck:is_alive(), stuck.ident }, { "initial", false, nil })
stuck.daemon = true

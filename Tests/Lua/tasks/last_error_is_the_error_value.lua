local testing, tasks = require "testing", require "tasks"
local exceptions = require "exceptions"
local threading = require "threading"
threading.excepthook = function() end

-- The class, its attributes and its traceback cross.
local Refused = exceptions.ValueError:subclass("Refused")
local t = tasks.after(0, function()
  local e = Refused("no", 7)
  e.detail = "quota"
  error(e)
end)
t:join()
testing.equal(Refused:is(t.last_error), true)
testing.equal(exceptions.ValueError:is(t.last_error), true)
testing.equal(t.last_error.detail, "quota")
testing.contains(t.last_error.traceback, "last_error_is_the_error_value.lua")
testing.equal(t.state, "failed")

-- A plain string stays one, with its place; an error of Lua's own too; nil is no error value, but a failure.
local plain = tasks.after(0, function() error("boom") end)
plain:join()
testing.equal(type(plain.last_error), "string")
testing.contains(plain.last_error, "boom")
local missing = tasks.after(0, function() local x x.y = 1 end)
missing:join()
testing.contains(missing.last_error, "attempt to index a nil value")
local none = tasks.after(0, function() error(nil) end)
none:join()
testing.equal(none.failures, 1)
testing.equal(none.state, "failed")

-- What cannot cross is told in words.
local odd = tasks.after(0, function() error(coroutine.create(print)) end)
odd:join()
testing.equal(odd.failures, 1)
testing.equal(exceptions.RuntimeError:is(odd.last_error), true)

-- A success leaves it, as it is the last error there was.
local mixed = tasks.every(0.005, function(task)
  if task.runs == 1 then error("once", 0) end
  task:cancel()
end)
mixed:join()
testing.equal(mixed.last_error, "once")
testing.equal(mixed.failures_in_a_row, 0)
threading.excepthook = threading.__excepthook__

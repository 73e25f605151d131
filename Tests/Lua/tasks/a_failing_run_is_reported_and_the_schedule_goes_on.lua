local testing, tasks = require "testing", require "tasks"
local threading, exceptions = require "threading", require "exceptions"
local reports = require "queue".Queue()

threading.excepthook = function(args)
  reports:put { args.exc_type.__name or tostring(args.exc_type), tostring(args.exc_value), args.thread.name,
    args.exc_traceback }
end

function flaky(task)
  if task.runs == 1 then error(exceptions.KeyError("first")) end
  if task.runs == 2 then error("second", 0) end
  if task.runs == 4 then task:cancel() error({ code = 4 }) end
end

local t = tasks.every(0.005, flaky)
testing.equal(t:join(), true)
testing.equal(t.runs, 4)
testing.equal(t.failures, 3)
testing.equal(t.failures_in_a_row, 1)
testing.equal(t.last_error.code, 4)

local first = reports:get_nowait()
testing.contains(first[1], "KeyError")
testing.equal(first[2], "first")
testing.equal(first[3], t.name)
testing.contains(first[4], "the_schedule_goes_on.lua:11")
local second = reports:get_nowait()
testing.contains(second[1], "RuntimeError")
testing.equal(second[2], "second")
testing.equal(reports:qsize(), 1)
threading.excepthook = threading.__excepthook__

local testing, tasks = require "testing", require "tasks"
local threading, exceptions = require "threading", require "exceptions"
local reports = require "queue".Queue()
threading.excepthook = function(args) reports:put(tostring(args.exc_value)) end

local t = tasks.every(0.001, function() error(exceptions.SystemExit(3)) end)
testing.equal(t:join(), true)
testing.equal(t.runs, 1)
testing.equal(t.failures, 0)
testing.equal(t.last_error, nil)
testing.equal(reports:qsize(), 0)
threading.excepthook = threading.__excepthook__

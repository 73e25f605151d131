-- `taskName` is the name of the scheduled task whose work logs; nil elsewhere.
local logging = require "logging"
local tasks = require "tasks"
local queue = require "queue"
local handlers = require "logging.handlers"
local testing = require "testing"

local records = queue.Queue()
local logger = logging.getLogger("tasks")
logger.propagate = false
logger:addHandler(handlers.QueueHandler(records))

logger:warning("outside")
testing.equal(records:get(true, 10).taskName, nil)

local task = tasks.after(0, function() logging.getLogger("tasks"):warning("inside") end, { name = "clean-up" })
local record = records:get(true, 60)
testing.equal(record.msg, "inside")
testing.equal(record.taskName, "clean-up")
testing.equal(logging.Formatter("%(taskName)s"):format(record), "clean-up")
task:join()

local thread = require "threading".Thread { target = function() logging.getLogger("tasks"):warning("thread") end }
thread:start()
testing.equal(records:get(true, 60).taskName, nil)
thread:join()

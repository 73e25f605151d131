-- `logThreads`, `logProcesses`, `logMultiprocessing` and `logAsyncioTasks` say what records are made without.
local logging = require "logging"
local testing = require "testing"

local function shown()
  local record = logging.makeLogRecord { msg = "m" }
  return record, logging.Formatter("%(threadName)s %(processName)s %(taskName)s"):format(record)
end

local record, text = shown()
local here = record.threadName
testing.equal(type(here), "string")
testing.equal(math.type(record.thread), "integer")
testing.equal(math.type(record.process), "integer")
testing.equal(record.processName, "MainProcess")
testing.equal(text, here .. " MainProcess nil")
for _, name in ipairs { "logThreads", "logProcesses", "logMultiprocessing", "logAsyncioTasks" } do
  testing.equal(logging[name], true)
  logging[name] = false
  testing.equal(logging[name], false)
end
record, text = shown()
for _, name in ipairs { "thread", "threadName", "process", "processName", "taskName" } do
  testing.equal(record[name], nil, name)
end
testing.equal(text, "nil nil nil")
testing.equal(logging.Formatter("%(process)s %(thread)s"):format(record), "nil nil")

logging.logThreads = true
testing.equal(shown().threadName, here)
testing.equal(shown().process, nil)

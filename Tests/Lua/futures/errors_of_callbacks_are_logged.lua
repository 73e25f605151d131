local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"
local logging = require "logging"

local path = ... .. "/log"
local handler = logging.FileHandler(path)
handler:setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
local logger = logging.getLogger("concurrent.futures")
logger:addHandler(handler)
logger.propagate = false

local function logged()
  local text = testing.read(path)
  testing.write(path, "")
  return text
end

-- The others run all the same, and nothing is raised.
local second = false
local f = futures.Future()
f:add_done_callback(function() error(exceptions.ValueError("doh!")) end)
f:add_done_callback(function() second = true end)
f:set_result(5)
testing.equal(second, true)
local text = logged()
testing.contains(text, "ERROR concurrent.futures exception calling callback for <Future at 0x")
testing.contains(text, "state=finished returned integer>\nstack traceback:")
testing.contains(text, "\nValueError: doh!\n")

-- Also when the future is done already.
f:add_done_callback(function() error("at once", 0) end)
text = logged()
testing.contains(text, "exception calling callback for <Future at 0x")
testing.contains(text, "RuntimeError: at once\n")

-- And on a worker.
local ex = futures.ThreadPoolExecutor(1)
local gate = require("threading").Event()
local future = ex:submit(function() gate:wait() end)
future:add_done_callback(function() error(exceptions.KeyError("on a worker")) end)
gate:set()
ex:shutdown()
testing.contains(logged(), "KeyError: on a worker\n")

-- Work that is begun twice is a mistake that Python logs too.
pcall(f.set_running_or_notify_cancel, f)
testing.contains(logged(), "CRITICAL concurrent.futures Future ")

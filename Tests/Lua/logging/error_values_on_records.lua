-- `record.exc_info` is the error value itself; what formatters print of it is `exc_text`.
local logging = require "logging"
local exceptions = require "exceptions"
local testing = require "testing"

local Keeping = logging.Handler:subclass("Keeping")
function Keeping:emit(record)
  self.kind = exceptions.ValueError:is(record.exc_info) and "ValueError" or type(record.exc_info)
  self.value = record.exc_info
  self.record = record
end
local keeping, logger = Keeping(), logging.Logger("l")
logger:addHandler(keeping)

local _, raised = pcall(error, exceptions.ValueError("bad row"))
logger:exception("failed", { exc_info = raised })
testing.equal(keeping.kind, "ValueError")
testing.equal(exceptions.ValueError:is(keeping.value), true)
testing.equal(tostring(keeping.value), "bad row")
testing.contains(keeping.record.exc_text, "ValueError: bad row")

logger:error("failed", { exc_info = { code = 7 } })
testing.equal(keeping.value.code, 7)
logger:error("failed", { exc_info = "plain" })
testing.equal(keeping.value, "plain")
testing.equal(keeping.record.exc_text, "plain")
logger:error("fine")
testing.equal(keeping.value, nil)

-- An error that cannot cross is there as its text.
logger:error("failed", { exc_info = setmetatable({ co = coroutine.create(print) }, { __tostring = function() return "odd" end }) })
testing.equal(keeping.value, "odd")

local record = logging.makeLogRecord { msg = "m", exc_info = raised }
testing.equal(record.exc_info == raised or tostring(record.exc_info) == "bad row", true)
record.exc_info = nil
testing.equal(record.exc_text, nil)
testing.equal(logging.Formatter():format(record), "m")

-- A record whose arguments do not fit its message is one of the program's own making; who shows it reports that, as of a call.
local testing = require "testing"
local logging = require "logging"

local function misfit() return logging.makeLogRecord { name = "own", msg = "%d items", args = { "x" }, levelname = "INFO" } end

local log = logging.Logger("misfits")
log:addHandler(logging.StreamHandler(io.stderr))
log:handle(misfit())
log.handlers = {}
logging.raiseExceptions = false
for _, formatter in ipairs { logging.Formatter("%(levelname)s"), logging.JSONFormatter(), logging.LogfmtFormatter() } do
  local handler = logging.FileHandler("/dev/null")
  handler:setFormatter(formatter)
  log:addHandler(handler)
  log:handle(misfit())
  handler:handle(misfit())
  testing.equal({ handler:stats().failed, handler:stats().delivered }, { 2, 0 })
  testing.raises("number expected, got string", function() formatter:format(misfit()) end)
  log:removeHandler(handler)
end

logging.raiseExceptions = true

-- Who does not show it has no trouble.
local Looking = logging.Handler:subclass("Looking")
function Looking:emit(record) self.msg = record.msg end
local looking = Looking()
looking:handle(misfit())
testing.equal(looking.msg, "%d items")
logging.NullHandler():handle(misfit())

-- It is no longer one when something else is set.
local record = misfit()
record.args = { 7 }
testing.equal(logging.Formatter():format(record), "7 items")
record.args = { "y" }
testing.raises("number expected, got string", function() record:getMessage() end)
record.msg = "%s items"
testing.equal(logging.Formatter():format(record), "y items")
record.msg = "%d"
record.args = nil
testing.equal(logging.Formatter():format(record), "%d")

-- A subclass of Formatter meets the error where it calls its superclass.
local Careful = logging.Formatter:subclass("Careful")
function Careful:format(record)
  local ok, text = pcall(Careful.super.format, self, record)
  return ok and text or "unreadable: " .. record.msg
end
testing.equal(Careful():format(misfit()), "unreadable: %d items")

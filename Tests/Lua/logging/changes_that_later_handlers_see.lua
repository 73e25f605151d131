-- All handlers of a record have the same record: what one changes, the next one shows.
local testing = require "testing"
local logging = require "logging"

local log = logging.Logger("changes")
local Changing = logging.Handler:subclass("Changing")
function Changing:emit(record)
  if record.message == "fails" then
    record.msg = "failed after this change"
    error("not today", 0)
  end
  record.seen = "by the first"
  record.msg = "<" .. record.msg .. ">"
end
local Last = logging.Handler:subclass("Last")
function Last:emit(record) self.text = self:format(record) end
local last = Last()
last:setFormatter(logging.Formatter("%(levelname)s %(message)s [%(seen)s]", nil, "%", true, { defaults = { seen = "-" } }))
log:addHandler(last)
log:warning("%d ms", 5)
testing.equal(last.text, "WARNING 5 ms [-]")

log:removeHandler(last)
local changing = Changing()
log:addHandler(changing)
log:addHandler(last)
log:warning("took %s ms", "5")
testing.equal(last.text, "WARNING <took 5 ms> [by the first]")
logging.raiseExceptions = false
log:warning("fails")
logging.raiseExceptions = true
testing.equal(last.text, "WARNING failed after this change [-]")
log:removeHandler(changing)

-- A new format is string.format's, also in an interpreter where nobody has asked for the module.
local Formatting = logging.Handler:subclass("Formatting")
function Formatting:emit(record) record.msg, record.args = "%.1f %%", { 2.55 } end
local formatting = Formatting()
log:removeHandler(last)
log:addHandler(formatting)
log:addHandler(last)
log:warning("m")
testing.equal(last.text, "WARNING 2.5 % [-]")
log:removeHandler(formatting)

-- So does the formatter of a handler before.
local Shouting = logging.Formatter:subclass("Shouting")
function Shouting:format(record)
  record.levelname = record.levelname .. "!"
  return Shouting.super.format(self, record)
end
log:removeHandler(last)
local null = logging.FileHandler("/dev/null")
null:setFormatter(Shouting("%(levelname)s"))
log:addHandler(null)
log:addHandler(last)
log:warning("loud")
testing.equal(last.text, "WARNING! loud [-]")

-- A handler that logs on meanwhile keeps the records apart.
local inner = logging.Logger("inner")
inner:addHandler(null)
local Nested = logging.Handler:subclass("Nested")
function Nested:emit(record)
  logging.getLogger("nested.inner"):warning("something else")
  record.seen = "outside"
end
logging.getLogger("nested.inner"):addHandler(null)
logging.getLogger("nested.inner").propagate = false
log:removeHandler(last)
local nested = Nested()
log:addHandler(nested)
log:addHandler(last)
log:warning("outer")
testing.equal(last.text, "WARNING! outer [outside]")

-- Records that a script hands on itself show it, too.
local record = logging.makeLogRecord { name = "own", msg = "own", levelname = "INFO" }
testing.equal(Shouting("%(levelname)s"):format(record), "INFO!")
testing.equal(record.levelname, "INFO!")
null:format(record)
testing.equal(record.levelname, "INFO!!")
null:emit(record)
testing.equal(record.levelname, "INFO!!!")
log:handle(record)
testing.equal({ record.levelname, record.seen }, { "INFO!!!!", "outside" })

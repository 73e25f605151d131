-- _log is what Python's users call for levels of their own, and what they replace to change every call.
local testing = require "testing"
local logging = require "logging"

local Kept = logging.Handler:subclass("Kept")
function Kept:emit(record)
  self.last = { record.levelno, record:getMessage(), record.k or "-", record.funcName, record.exc_text or "-" }
end
local kept = Kept()

logging.addLevelName(5, "TRACE")
local Tracing = logging.Logger:subclass("Tracing")
function Tracing:trace(message, ...)
  if self:isEnabledFor(5) then self:_log(5, message, { ... }) end
end
local log = Tracing("tracing", 5)
log:addHandler(kept)
local function run() log:trace("%s of %d", "one", 2) end
run()
testing.equal(kept.last, { 5, "one of 2", "-", "trace", "-" })
-- It does not ask for the level.
log:setLevel(50)
log:_log(10, "anyway", nil, { k = "v", exc_info = "boom", stacklevel = 1 })
testing.equal(kept.last, { 10, "anyway", "v", "<module>", "boom" })

local Marking = logging.Logger:subclass("Marking")
function Marking:_log(level, message, args, options)
  Marking.super._log(self, level + 1, "<" .. message .. ">", args, options)
end
local marking = Marking("marking")
marking:addHandler(kept)
marking:warning("%d", 7, { k = "w" })
testing.equal({ kept.last[1], kept.last[2], kept.last[3] }, { 31, "<7>", "w" })
marking:exception("broke")
testing.equal({ kept.last[1], kept.last[2], kept.last[5] }, { 41, "<broke>", "NoneType: None" })
kept.last = "nothing"
marking:setLevel(50)
marking:warning("not asked")
testing.equal(kept.last, "nothing")

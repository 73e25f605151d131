local testing = require "testing"
local logging = require "logging"
local threading = require "threading"
local exceptions = require "exceptions"

local handler = logging.StreamHandler(io.stderr)
handler:setFormatter(logging.Formatter("%(name)s %(levelname)s %(lineno)d %(message)s [%(tag)s]", nil, "%", true,
  { defaults = { tag = "-" } }))
logging.getLogger():addHandler(handler)

-- A class of loggers with a method of its own; loggers that were there before keep theirs.
local before = logging.getLogger("before")
testing.equal(logging.getLoggerClass(), logging.Logger)
local Traced = logging.Logger:subclass("Traced")
function Traced:init(name) self.count = 0 end
function Traced:trace(message, ...)
  self.count = self.count + 1
  self:log(5, message, ...)
end
logging.setLoggerClass(Traced)
testing.equal(logging.getLoggerClass(), Traced)
logging.addLevelName(5, "TRACE")
local log = logging.getLogger("traced")
testing.equal({ Traced:is(log), logging.Logger:is(log), Traced:is(before) }, { true, true, false })
log:setLevel(1)
log:trace("step %d", 1)
log:trace("step %d", 2, { tag = "t" })
testing.equal(log.count, 2)
testing.equal(logging.getLogger("traced"), log)
testing.equal(logging.getLogger("traced").count, 2)
testing.equal({ log:getChild("x").name, Traced:is(log:getChild("x")), logging.root:getChild("top").name }, { "traced.x", true, "top" })
testing.raises(exceptions.TypeError, "logger not derived from logging.Logger", logging.setLoggerClass, logging.Handler)

-- makeRecord and handle can be overridden.
local Marked = logging.Logger:subclass("Marked")
function Marked:makeRecord(name, level, fn, lno, msg, args, exc_info, func, extra, sinfo)
  local record = Marked.super.makeRecord(self, name, level, fn, lno, "<" .. msg .. ">", args, exc_info, func, extra, sinfo)
  record.tag = record.tag or "made"
  return record
end
function Marked:handle(record)
  if record.message ~= "<dropped>" then Marked.super.handle(self, record) end
end
logging.setLoggerClass(Marked)
local marked = logging.getLogger("marked")
marked:warning("disk %s", "sda")
marked:warning("dropped")
marked:error("with a field", { tag = "given" })
logging.setLoggerClass(logging.Logger)
testing.equal(Marked:is(logging.getLogger("plain")), false)

-- A record factory, for all threads.
local default = logging.getLogRecordFactory()
testing.equal(default, logging.LogRecord)
logging.setLogRecordFactory(function(name, level, path, line, msg, args, exc_info, func, sinfo)
  local record = logging.LogRecord(name, level, path, line, msg, args, exc_info, func, sinfo)
  record.tag = "factory"
  return record
end)
before:warning("through the factory: %s %d", "a", 1)
log:warning("an instance of a class too")
local t = threading.Thread { target = function() require "logging".getLogger("before"):warning("in a thread") end }
t:start()
t:join()

-- A class of records.
local Loud = logging.LogRecord:subclass("Loud")
function Loud:getMessage() return Loud.super.getMessage(self):upper() end
logging.setLogRecordFactory(Loud)
testing.equal(logging.getLogRecordFactory(), Loud)
before:warning("quiet %s", "words")
testing.equal(Loud("n", 10, "p", 1, "m %d", { 7 }):getMessage(), "M 7")
logging.setLogRecordFactory(logging.LogRecord)
before:warning("as ever")
testing.raises(exceptions.TypeError, "function or class expected", logging.setLogRecordFactory, 1)

-- Loggers take attributes, which do not hide methods.
before.note = "kept"
testing.equal({ logging.getLogger("before").note, type(before.info) }, { "kept", "function" })

-- A message that cannot be formatted is reported with classes and factories of the script's, too; the caller goes on.
do
  local testing = require "testing"
  local Keeping = logging.Handler:subclass("Keeping")
  function Keeping:emit(record) self.text = record:getMessage() end
  local kept, class = Keeping(), logging.Logger:subclass("Handling")
  function class:handle(record) class.super.handle(self, record) end
  local logger, handling = logging.Logger("factory"), class("handling")
  logger:addHandler(kept)
  handling:addHandler(kept)
  logging.raiseExceptions = false
  logging.setLogRecordFactory(function(...) return logging.LogRecord(...) end)
  logger:error("%d", "x")
  logger:error("%s", setmetatable({}, { __tostring = function() error("no text") end }))
  testing.equal(kept.text, nil)
  logger:error("100% literal")
  testing.equal(kept.text, "100% literal")
  logging.setLogRecordFactory(logging.LogRecord)
  handling:error("%d", "x")
  handling:error("%d", 5)
  testing.equal(kept.text, "5")
  logging.raiseExceptions = true
end

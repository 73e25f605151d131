-- A class of loggers is asked by every call, at each step and in the order of Python.
local testing = require "testing"
local logging = require "logging"
local exceptions = require "exceptions"

local asked, shown = {}, {}
local function steps()
  local text = table.concat(asked, " ")
  asked = {}
  return text
end

-- Runs in an interpreter of its own; what it saw is read from it.
local Kept = logging.Handler:subclass("Kept")
function Kept:emit(record)
  self.last = ("%s|%s:%d|%s|%s"):format(record.name, record.filename, record.lineno, record.funcName, record.message)
end
local kept = Kept()

local Asked = logging.Logger:subclass("Asked")
for _, name in ipairs { "isEnabledFor", "findCaller", "makeRecord", "handle", "filter", "callHandlers", "hasHandlers" } do
  Asked[name] = function(self, ...)
    asked[#asked + 1] = name
    return Asked.super[name](self, ...)
  end
end
local log = Asked("direct")
log:addHandler(kept)
log:warning("%d steps", 6)
testing.equal(steps(), "isEnabledFor findCaller makeRecord handle filter callHandlers")
testing.equal(kept.last:match("|([^|]*)$"), "6 steps")
log.level = 40
log:warning("too low")
testing.equal(steps(), "isEnabledFor")
log:handle(logging.makeLogRecord { name = "own", msg = "m" })
testing.equal(steps(), "handle filter callHandlers")

-- The level that a class has in place of the tree's.
local Chatty = logging.Logger:subclass("Chatty")
function Chatty:getEffectiveLevel() return 20 end
logging.setLoggerClass(Chatty)
local chatty = logging.getLogger("chatty")
logging.setLoggerClass(logging.Logger)
chatty:addHandler(kept)
chatty.propagate = false
kept.last = "nothing"
chatty:info("below the root's level")
testing.equal(kept.last:match("|([^|]*)$"), "below the root's level")
testing.equal({ chatty:isEnabledFor(20), chatty:isEnabledFor(10) }, { true, false })
logging.disable(20)
testing.equal(chatty:isEnabledFor(20), false)
logging.disable(0)
chatty.disabled = true
kept.last = "nothing"
chatty:error("refused")
testing.equal({ kept.last, chatty:isEnabledFor(50) }, { "nothing", false })
chatty.disabled = false

-- An adapter asks the logger, whatever it is of.
local adapter = logging.LoggerAdapter(logging.LoggerAdapter(chatty, {}), { k = 1 })
testing.equal({ adapter:isEnabledFor(20), adapter:getEffectiveLevel() }, { true, 20 })
adapter:info("through adapters")
testing.equal(kept.last:match("|([^|]*)$"), "through adapters")
local Refusing = logging.LoggerAdapter:subclass("Refusing")
function Refusing:isEnabledFor() return false end
Refusing(chatty, {}):critical("refused by the adapter")
testing.equal(kept.last:match("|([^|]*)$"), "through adapters")

-- One step alone.
local Elsewhere = logging.Logger:subclass("Elsewhere")
function Elsewhere:findCaller() return "/else/where.lua", 99, "there" end
local elsewhere = Elsewhere("elsewhere")
elsewhere:addHandler(kept)
elsewhere:warning("m")
testing.equal(kept.last, "elsewhere|where.lua:99|there|m")

local Choosing = logging.Logger:subclass("Choosing")
function Choosing:filter(record)
  if record.message == "dropped" then return false end
  if record.message == "replaced" then return logging.makeLogRecord { name = "other", msg = "in its place" } end
  record.msg = "<" .. record.msg .. ">"
  return true
end
local choosing = Choosing("choosing")
choosing:addHandler(kept)
choosing:warning("%s one", "this")
testing.equal(kept.last:match("|([^|]*)$"), "<this one>")
choosing:warning("dropped")
testing.equal(kept.last:match("|([^|]*)$"), "<this one>")
choosing:warning("replaced")
testing.equal(kept.last, "other|:0||in its place")

local Renaming = logging.Logger:subclass("Renaming")
function Renaming:callHandlers(record)
  record.name = "renamed"
  Renaming.super.callHandlers(self, record)
end
local renaming = Renaming("before")
renaming:addHandler(kept)
renaming:addFilter(function(record) return record.message ~= "dropped" end)
renaming:warning("kept")
renaming:warning("dropped")
testing.equal({ kept.last:match("^[^|]*"), kept.last:match("|([^|]*)$") }, { "renamed", "kept" })

local Errors = logging.Logger:subclass("Errors")
function Errors:error(message, ...) Errors.super.error(self, "E " .. message, ...) end
local errors = Errors("errors")
errors:addHandler(kept)
errors:exception("%s", "what", { exc_info = "boom" })
testing.equal(kept.last:match("|([^|]*)$"), "E what")
errors:exception("alone")
testing.equal(kept.last:match("|([^|]*)$"), "E alone")

-- An error of a method of the class is the caller's.
local Broken = logging.Logger:subclass("Broken")
function Broken:isEnabledFor() error("broken", 0) end
testing.raises("broken", function() Broken("b"):info("m") end)
local Wordy = logging.Logger:subclass("Wordy")
function Wordy:getEffectiveLevel() return "INFO" end
testing.raises(exceptions.TypeError, "getEffectiveLevel must return an integer, got string", function()
  Wordy("w"):info("m")
end)

-- `logger.manager`, `findCaller`, and the small print of levels.
local logging = require "logging"
local testing = require "testing"
local exceptions = require "exceptions"

local manager = logging.root.manager
testing.equal(manager == logging.getLogger("a.b").manager, true)
testing.equal(manager.root == logging.root, true)
testing.equal(manager:getLogger("a.b") == logging.getLogger("a.b"), true)
testing.equal(manager.loggerDict["a.b"] == logging.getLogger("a.b"), true)
testing.equal(manager.loggerDict["a"], nil)

testing.equal(manager.disable, 0)
manager.disable = logging.WARNING
testing.equal(logging.getLogger("a.b"):isEnabledFor(logging.WARNING), false)
manager.disable = "DEBUG"
testing.equal(manager.disable, 10)
manager.disable = 0
testing.raises(exceptions.ValueError, "Unknown level: 'DEBG'", function() manager.disable = "DEBG" end)

testing.raises(exceptions.TypeError, "logger not derived from logging.Logger: logging.Handler",
  function() manager:setLoggerClass(logging.Handler) end)

local function here() return logging.root:findCaller() end
local path, line, name, stack = here()
testing.contains(path, "what_loggers_have_in_common.lua")
testing.equal(line, 24)
testing.equal(name, "here")
testing.equal(stack, nil)
testing.contains(select(4, logging.root:findCaller(true)), "Stack (most recent call last):")

testing.equal(logging.getLevelName(25), "Level 25")
testing.equal(logging.getLevelName(2.5), "Level 2.5")
testing.equal(logging.getLevelName("foo"), "Level foo")

-- A level that is no integer is an error while failures are told, and passed over in silence otherwise.
testing.raises(exceptions.TypeError, "level must be an integer", function() logging.root:log("INFO", "text") end)
logging.raiseExceptions = false
logging.root:log("INFO", "text")
logging.log("INFO", "text")
logging.raiseExceptions = true

-- Unknown arguments of `basicConfig` are Python's ValueError, and the known ones are listed.
testing.raises(exceptions.ValueError, "Unrecognised argument(s): loglevel (known: filename",
  function() logging.basicConfig { loglevel = 10 } end)

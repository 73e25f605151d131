-- `logging.Logger(name)` makes a logger that no name leads to.
local logging = require "logging"
local testing = require "testing"

local logger = logging.Logger("alone")
testing.equal(tostring(logger), "<Logger alone (NOTSET)>")
testing.equal(logger.level, logging.NOTSET)
testing.equal(logger.parent, nil)
testing.equal(logger.propagate, true)
testing.equal(#logger.handlers, 0)
testing.equal(logger:hasHandlers(), false)
testing.equal(tostring(logging.Logger("alone", "INFO")), "<Logger alone (INFO)>")
testing.equal(logging.Logger { name = "b", level = 10 }.level, 10)
testing.equal(logging.getLogger("alone") == logger, false)

-- Its records reach its own handlers, and no others.
local Counter = logging.Handler:subclass("Counter")
function Counter:init()
  Counter.super.init(self)
  self.count = 0
end
function Counter:emit() self.count = self.count + 1 end

local own, roots = Counter(), Counter()
logger:addHandler(own)
logging.root:addHandler(roots)
logger:debug("enabled: no level is set anywhere")
testing.equal(own.count, 1)
testing.equal(roots.count, 0)

-- What holds for all loggers holds for it.
logging.disable(logging.CRITICAL)
testing.equal(logger:isEnabledFor(logging.CRITICAL), false)
logging.disable(logging.NOTSET)
testing.equal(logger:isEnabledFor(1), true)

-- A configuration leaves it alone.
local config = require "logging.config"
config.dictConfig { version = 1, disable_existing_loggers = true }
testing.equal(logger.disabled, false)
logger:info("still there")
testing.equal(own.count, 2)

-- A script's subclass appears under its own name; the level takes names as `setLevel` does.
local Marked = logging.Logger:subclass("Marked")
testing.equal(tostring(Marked("m", 10)), "<Marked m (DEBUG)>")
logger.level = "ERROR"
testing.equal(logger.level, 40)
testing.raises(require "exceptions".ValueError, "Unknown level: 'ERR'", function() logger.level = "ERR" end)

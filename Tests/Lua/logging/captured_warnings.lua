-- `captureWarnings(true)` makes records of Lua's warnings, in all interpreters, until it is taken back.
local logging = require "logging"
local threading = require "threading"
local testing = require "testing"

local Keeping = logging.Handler:subclass("Keeping")
function Keeping:init()
  Keeping.super.init(self)
  self.records = {}
end
function Keeping:emit(record) self.records[#self.records + 1] = record end
local keeping = Keeping()
local logger = logging.getLogger("py.warnings")
logger:addHandler(keeping)
logger.propagate = false

warn("lost: nobody has asked for warnings")
logging.captureWarnings(true)
warn("I'm ", "warning", " you")
testing.equal(#keeping.records, 1)
local record = keeping.records[1]
testing.equal(record.levelname, "WARNING")
testing.equal(record.name, "py.warnings")
testing.contains(record:getMessage(), "captured_warnings.lua:19: UserWarning: I'm warning you")
testing.equal(record.lineno, 19)

-- The control messages keep their meaning.
warn("@off")
warn("refused")
warn("@on")
warn("@", "on is no control message in pieces")
testing.equal(#keeping.records, 2)
testing.contains(keeping.records[2]:getMessage(), "UserWarning: @on is no control message in pieces")

-- In a thread too.
local thread = threading.Thread { target = function() warn("from a thread") end, name = "Worker" }
thread:start()
thread:join()
testing.equal(keeping.records[3].threadName, "Worker")
testing.contains(keeping.records[3]:getMessage(), "from a thread")

-- Without a handler, the logger gets one that keeps it from the last resort.
logger.handlers = {}
warn("for nobody")
testing.equal(tostring(logger.handlers[1]), "<NullHandler (NOTSET)>")

logging.captureWarnings(false)
warn("shown on standard error, since @on was said")
testing.equal(#keeping.records, 3)

-- `handlers` and `filters` can be set as a whole, as Python's tests and many programs do to start afresh.
local logging = require "logging"
local testing = require "testing"

local first, second = logging.NullHandler(), logging.NullHandler()
logging.root:addHandler(first)
logging.root.handlers = { second }
testing.equal(#logging.root.handlers, 1)
testing.equal(logging.root.handlers[1] == second, true)
logging.root.handlers = {}
testing.equal(logging.root:hasHandlers(), false)

local logger = logging.getLogger("a")
logger.filters = { logging.Filter("a.b"), function(record) return record.levelno > 10 end }
testing.equal(#logger.filters, 2)
testing.equal(logger:filter(logging.makeLogRecord { name = "a.c", levelno = 20 }), false)
local record = logging.makeLogRecord { name = "a.b.c", levelno = 20 }
testing.equal(logger:filter(record) == record, true)
first.filters = logger.filters
testing.equal(first:filter(logging.makeLogRecord { name = "a.b", levelno = 10 }), false)
logger.filters = {}
testing.equal(#logger.filters, 0)

testing.raises(require "exceptions".TypeError, "table of handlers expected", function() logger.handlers = 3 end)

-- Anything that can be called is a filter.
local callable = setmetatable({}, { __call = function(_, record) return record.levelno == 30 end })
logger:addFilter(callable)
testing.equal(logger:filter(logging.makeLogRecord { levelno = 20 }), false)
logger:removeFilter(callable)
testing.equal(#logger.filters, 0)

-- A class that is the record factory is the class of records for handlers, filters and formatters, too, whose interpreters are others.
local testing = require "testing"
local logging = require "logging"

local Upper = logging.LogRecord:subclass("Upper")
function Upper:getMessage() return Upper.super.getMessage(self):upper() end
function Upper:short() return self.levelname:sub(1, 1) .. ":" .. self:getMessage() end
logging.setLogRecordFactory(Upper)
testing.equal(logging.root.manager.logRecordFactory, Upper)

local log = logging.Logger("class")
local Looking = logging.Handler:subclass("Looking")
function Looking:emit(record) self.seen = { tostring(Upper:is(record)), record:short(), self:format(record) } end
local looking = Looking()
looking:setFormatter(function(record) return "formatted " .. record:short() end)
log:addHandler(looking)
log:addFilter(function(record) return record:short() ~= "W:DROPPED" end)
log:warning("%s words", "quiet")
testing.equal(looking.seen, { "true", "W:QUIET WORDS", "formatted W:QUIET WORDS" })
log:warning("dropped")
testing.equal(looking.seen[2], "W:QUIET WORDS")

-- What was made by hand is what it was made as, and so are records of another time.
logging.setLogRecordFactory(logging.LogRecord)
local Plain = logging.Handler:subclass("Plain")
function Plain:emit(record) self.seen = { tostring(record.short), record:getMessage() } end
local plain = Plain()
log.handlers, log.filters = { plain }, {}
log:warning("plain")
testing.equal(plain.seen, { "nil", "plain" })
testing.equal(log.manager.loggerClass, logging.Logger)

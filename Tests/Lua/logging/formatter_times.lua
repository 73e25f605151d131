-- How formatters show times: the attributes of Python's Formatter, on instances and classes.
local logging = require "logging"
local testing = require "testing"
local ValueError = require "exceptions".ValueError

local record = logging.makeLogRecord { msg = "m" }
record.created = 735375780.5

local formatter = logging.Formatter { fmt = "%(asctime)s %(message)s", utc = true }
testing.equal(formatter:formatTime(record), "1993-04-21 07:03:00,500")
testing.equal(formatter:formatTime(record, "%Y:%d"), "1993:21")
testing.equal(record.asctime, nil)
testing.equal(formatter:format(record), "1993-04-21 07:03:00,500 m")
testing.equal(record.asctime, "1993-04-21 07:03:00,500")

local attributes = logging.Formatter("%(asctime)s")
testing.equal(attributes.converter, "localtime")
testing.equal(attributes.default_time_format, "%Y-%m-%d %H:%M:%S")
testing.equal(attributes.default_msec_format, "%s,%03d")
attributes.converter = "gmtime"
testing.equal(attributes:format(record), "1993-04-21 07:03:00,500")
attributes.default_msec_format = nil
testing.equal(attributes:format(record), "1993-04-21 07:03:00")
attributes.default_time_format = "%H:%M"
testing.equal(attributes:format(record), "07:03")
testing.raises(ValueError, "default_msec_format must hold %s and %d",
  function() attributes.default_msec_format = "%s" end)
attributes.datefmt = "%Y"
testing.equal(attributes:format(record), "1993")
testing.raises(ValueError, "converter must be \"gmtime\" or \"localtime\"",
  function() attributes.converter = "ctime" end)

-- A class's fields, with false for None, hold for its instances, in handlers too.
local Brief = logging.Formatter:subclass("Brief")
Brief.default_msec_format = false
Brief.converter = "gmtime"
testing.equal(Brief("%(asctime)s"):format(record), "1993-04-21 07:03:00")
local Keeping = logging.Handler:subclass("Keeping")
function Keeping:emit(r) self.text = self:format(r) end
local keeping = Keeping()
keeping:setFormatter(Brief("%(asctime)s|%(message)s"))
local logger = logging.Logger("l")
logger:addHandler(keeping)
logger:handle(record)
testing.equal(keeping.text, "1993-04-21 07:03:00|m")

-- The parts of a time can be set; an empty datefmt is none.
local parts = logging.makeLogRecord { created = 735375780, msecs = 123, relativeCreated = 1500.25 }
testing.equal(formatter:formatTime(parts), "1993-04-21 07:03:00,123")
testing.equal({ parts.created, parts.msecs, parts.relativeCreated }, { 735375780.123, 123.0, 1500.25 })
parts.msecs = 7.0
testing.equal(formatter:formatTime(parts), "1993-04-21 07:03:00,007")
-- However close to the next second it was.
parts.created = 735375780
parts.msecs = 999.9999999
parts.msecs = 7.0
testing.equal(parts.created, 735375780.007)
testing.raises(ValueError, "msecs: not the milliseconds of a second", function() parts.msecs = 1000 end)
testing.equal(logging.Formatter { fmt = "%(asctime)s", datefmt = "", utc = true }:format(parts),
  "1993-04-21 07:03:00,007")

-- A script's `handle` replaces level-independent filtering, formatting and emitting, whatever class it is a subclass of.
local logging = require "logging"
local testing = require "testing"
local NotImplementedError = require "exceptions".NotImplementedError

local Recording = logging.NullHandler:subclass("Recording")
function Recording:init()
  Recording.super.init(self)
  self.records = {}
end
function Recording:handle(record) self.records[#self.records + 1] = record end

local logger = logging.getLogger("recorded")
logger.propagate = false
local recording = Recording()
recording:addFilter(function() return false end)
logger:addHandler(recording)
logger:warning("took %d ms", 12)
testing.equal(#recording.records, 1)
testing.equal(recording.records[1].msg, "took %d ms")
testing.equal(recording.records[1].args[1], 12)
testing.equal(recording.records[1]:getMessage(), "took 12 ms")
logger:removeHandler(recording)

-- The parent's `handle` filters, and then calls the script's `emit`.
local Counting = logging.Handler:subclass("Counting")
function Counting:init()
  Counting.super.init(self)
  self.asked, self.emitted = 0, 0
end
function Counting:handle(record)
  self.asked = self.asked + 1
  return Counting.super.handle(self, record)
end
function Counting:emit(record)
  self.emitted = self.emitted + 1
  self.last = record:getMessage()
end
local counting = Counting()
counting:addFilter(function(record) return record.msg ~= "unwanted" end)
logger:addHandler(counting)
logger:warning("unwanted")
logger:warning("wanted")
testing.equal(counting.asked, 2)
testing.equal(counting.emitted, 1)
testing.equal(counting.last, "wanted")
logger:removeHandler(counting)

-- `handle` gives the record, or false where a filter refused it, also before the handler is anywhere.
local fresh = Counting()
fresh:addFilter(logging.Filter("a"))
local record = logging.makeLogRecord { name = "a.b", msg = "direct" }
testing.equal(fresh:handle(record) == record, true)
testing.equal(fresh:handle(logging.makeLogRecord { name = "b" }), false)
testing.equal(fresh.asked, 2)
testing.equal(fresh.emitted, 1)

-- A handler without `emit` says so to who calls it.
testing.raises(NotImplementedError, "emit must be implemented by Handler subclasses",
  function() logging.Handler():handle(record) end)

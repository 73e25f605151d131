-- A method of a handler, called from the script, may log through that very handler while other threads do.
local testing = require "testing"
local logging = require "logging"
local threading = require "threading"

local Counting = logging.Handler:subclass("Counting")
function Counting:init()
  Counting.super.init(self)
  self.count = 0
end
function Counting:emit(record) self.count = self.count + 1 end
function Counting:report(times)
  for _ = 1, times do require("logging").getLogger("app"):info("%d so far", self.count) end
  return self.count
end

local log = logging.getLogger("app")
log.propagate = false
log:setLevel("INFO")
local handler = Counting()
log:addHandler(handler)

local thread = threading.Thread { target = function()
  for number = 1, 5000 do log:info("line %d", number) end
end }
thread:start()
repeat handler:report(10) until not thread:is_alive()
thread:join()
-- What a method of the handler itself logs does not come back to it.
testing.equal(handler.count, 5000)

-- Nor can a formatter hang that logs, used by a handler that formats under its own lock. One of the two may be refused, and
-- that would be said.
logging.raiseExceptions = false
local Formatter = logging.Formatter:subclass("Formatter")
function Formatter:format(record) return "<" .. record:getMessage() .. ">" end
function Formatter:report()
  for number = 1, 10 do require("logging").getLogger("formatted"):info("report %d", number) end
end
local Formatting = logging.Handler:subclass("Formatting")
function Formatting:init()
  Formatting.super.init(self)
  self.count = 0
end
function Formatting:emit(record)
  if self:format(record) == "<" .. record:getMessage() .. ">" then self.count = self.count + 1 end
end

local formatted = logging.getLogger("formatted")
formatted.propagate = false
formatted:setLevel("INFO")
local formatting, formatter = Formatting(), Formatter()
formatting:setFormatter(formatter)
formatted:addHandler(formatting)
local reports = 0
thread = threading.Thread { target = function()
  for number = 1, 2000 do formatted:info("line %d", number) end
end }
thread:start()
repeat
  formatter:report()
  reports = reports + 10
until not thread:is_alive()
thread:join()
testing.equal(formatting.count > 0 and formatting.count <= 2000 + reports, true)

-- One that shuts logging down, as for a fatal error, is closed where it is, and nobody waits for it: nothing is said of one left behind.
local Fatal = logging.Handler:subclass("Fatal")
function Fatal:emit(record)
  require "logging".shutdown()
  self.last = record.message
end
local fatal, last = Fatal(), logging.Logger("last")
last:addHandler(fatal)
last:critical("the end")
testing.equal(fatal.last, "the end")

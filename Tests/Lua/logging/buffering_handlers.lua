-- `BufferingHandler` keeps records for a subclass to do something with; by itself it forgets them when there are many.
local logging = require "logging"
local handlers = require "logging.handlers"
local testing = require "testing"

local plain = handlers.BufferingHandler(2)
testing.equal(tostring(plain), "<BufferingHandler (NOTSET)>")
plain:handle(logging.makeLogRecord { msg = "a" })
testing.equal(#plain.buffer, 1)
plain:handle(logging.makeLogRecord { msg = "b" })
testing.equal(#plain.buffer, 0)

local Joining = handlers.BufferingHandler:subclass("Joining")
function Joining:init(capacity)
  Joining.super.init(self, capacity)
  self.texts = {}
end
function Joining:shouldFlush(record) return #self.buffer >= self.capacity or record.levelno >= logging.ERROR end
function Joining:flush()
  local parts = {}
  for i, record in ipairs(self.buffer) do parts[i] = record:getMessage() end
  self.texts[#self.texts + 1] = table.concat(parts, "+")
  self.buffer = {}
end
local joining, logger = Joining(3), logging.Logger("l")
logger:addHandler(joining)
for i = 1, 4 do logger:info("m%d", i) end
testing.equal(joining.texts[1], "m1+m2+m3")
logger:error("now")
testing.equal(joining.texts[2], "m4+now")
testing.equal(#joining.buffer, 0)

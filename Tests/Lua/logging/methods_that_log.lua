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

-- A write that fails is reported with all there is of the call, also where the line was made without a record.
local logging = require "logging"

local log = logging.Logger("full")
local handler = logging.FileHandler("/dev/full")
log:addHandler(handler)
local function run()
  log:warning("disk %s at %d percent", "sda", 100)
  log:error("with fields %d", 1, { path = "/tmp" })
  log:warning(setmetatable({}, { __tostring = function() return "of an object" end }))
end
run()
-- A name in a format that nobody has.
handler:setFormatter(logging.Formatter("%(nobody)s"))
log:warning("named %s", "this")
-- An adapter's message without a text.
logging.LoggerAdapter(log, {}):warning(setmetatable({}, { __tostring = function() error("no text", 0) end }))
-- Where a record is made, without what no handler shows: with a filter, as JSON, with a custom level, from a network handler.
handler:setFormatter(nil)
handler:addFilter(logging.Filter("full"))
log:warning("filtered %d", 1)
handler:removeFilter(handler.filters[1])
handler:setFormatter(logging.JSONFormatter { keys = { "message" } })
log:warning("as JSON %d", 2)
log:log(35, "at %d", 35)
log:removeHandler(handler)
local socket = require("logging.handlers").SysLogHandler { address = "/nonexistent", async = false }
log:addHandler(socket)
log:warning("to nowhere %s", "sent", { user = "ada" })
log:removeHandler(socket)
-- A filter of the logger's that fails.
log:addFilter(function(record) error("cannot say", 0) end)
log:warning("filtered %d", 3)

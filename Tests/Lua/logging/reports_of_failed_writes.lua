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

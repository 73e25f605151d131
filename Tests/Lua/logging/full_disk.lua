-- A disk that is full costs the record and not the caller; what the report does not know it leaves out.
local logging = require "logging"
local log = logging.getLogger("full")
log.propagate = false
local handler = logging.FileHandler("/dev/full")
log:addHandler(handler)
log:warning("lost")
-- With its arguments where somebody has looked at them.
handler:addFilter(function() return true end)
log:warning("lost %s, too, after %d", "that", 2)
log:removeHandler(handler)
handler:close()

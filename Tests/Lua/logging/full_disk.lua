-- A disk that is full costs the record and not the caller; what the report does not know it leaves out.
local logging = require "logging"
local log = logging.getLogger("full")
log.propagate = false
local handler = logging.FileHandler("/dev/full")
log:addHandler(handler)
log:warning("lost")
log:removeHandler(handler)
handler:close()

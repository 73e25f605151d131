-- A message that cannot be formatted is Python's report, and the caller goes on.
local logging = require "logging"
logging.basicConfig{format = "%(message)s", level = "INFO"}

local function run()
  logging.info("%d apples", "many")
  logging.info("missing %s %s", "one")
  logging.info("bad: %s", setmetatable({}, {__tostring = function() error("no text") end}))
end
run()
logging.info("going on")
logging.raiseExceptions = false
logging.info("%d pears", "many")

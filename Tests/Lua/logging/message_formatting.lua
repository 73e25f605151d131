local logging = require "logging"
logging.basicConfig{format = "%(message)s", level = "DEBUG"}
local log = logging.getLogger("m")

log:info("user %s took %d ms", "ann", 12)
log:info("100%")
log:info("literal %s %d")
log:info("%5.2f|%-5s|%5d|%x|%q|%%", 3.14159, "ab", 42, 255, "q")
log:info("%s %s %s %s", nil, true, 1.5, 2^53)
log:info("surplus %s", 1, 2, 3)
log:info(42)
log:info(setmetatable({}, {__tostring = function() return "an object" end}))
log:info("shown: %s", setmetatable({}, {__tostring = function() return "by __tostring" end}))
log:log(25, "between %d", 25)
log:warn("négligé %s", "ü")
log:info("bytes \xff and %s", "\xc3(")
log:info("zero \0 byte %s", "a\0b")
log:info("min %d max %d", math.mininteger, math.maxinteger)
log:info(("x"):rep(5000) .. "%s", "y")
log:exception("failed")
log:error("failed too", {exc_info = true})

-- A record whose arguments do not fit can be made, and says so when its text is wanted.
do
  local testing, logging = require "testing", require "logging"
  testing.raises("number expected", function() return logging.makeLogRecord { msg = "%d", args = { "bad" } }:getMessage() end)
  local made = logging.LogRecord("n", 10, "p", 1, "%d", { "x" })
  testing.raises("number expected", function() return made:getMessage() end)
  made.args = { 5 }
  testing.equal(made:getMessage(), "5")
  testing.equal(logging.makeLogRecord { msg = "%s", args = { "%s" } }:getMessage(), "%s")
end

local logging = require "logging"
local handler = logging.StreamHandler()
local log = logging.getLogger("f")
log:addHandler(handler)
log.propagate = false

handler:setFormatter(function(record) return record.levelname:lower() .. " " .. record.message .. " at " .. record.lineno end)
log:warning("by function")

local Upper = logging.Formatter:subclass("Upper")
function Upper:format(record) return Upper.super.format(self, record):upper() end
local upper = Upper("[%(name)s] %(message)s")
handler:setFormatter(upper)
assert(handler.formatter == upper)
log:warning("by subclass")

local Timed = logging.Formatter:subclass("Timed")
function Timed:formatTime(record, datefmt) return "at " .. tostring(datefmt) end
handler:setFormatter(Timed("%(asctime)s: %(message)s", "some day"))
log:warning("by formatTime")

handler.formatter = {format = function(self, record) return record:getMessage():reverse() end}
log:warning("abc")

handler:setFormatter(function(record) return 5 end)
log:warning("no text")
handler:setFormatter(function(record) return "bytes \xff" end)
log:warning("x")
handler:setFormatter(nil)
log:warning("plain")

for style, format in pairs{["%"] = "%(levelname)s %(message)s", ["{"] = "{levelname} {message}", ["$"] = "$levelname ${message}"} do
  local ok, formatter = pcall(logging.Formatter, format, nil, style)
  if ok then assert(formatter:format(logging.makeLogRecord{levelname = "L", msg = "m"}) == "L m") end
end
local ok, err = pcall(logging.Formatter, "no attribute")
assert(not ok and require("exceptions").ValueError:is(err), tostring(err))
assert(tostring(err) == "Invalid format 'no attribute' for '%' style", tostring(err))
assert(logging.Formatter{fmt = "%(message)s", datefmt = "%Y"}.datefmt == "%Y")
assert(logging.Formatter("%(asctime)s"):usesTime() and not logging.Formatter("%(name)s"):usesTime())
local f = logging.Formatter("%(who)s", nil, "%", true, {defaults = {who = "nobody"}})
assert(f:format(logging.makeLogRecord{}) == "nobody" and f:format(logging.makeLogRecord{who = "me"}) == "me")

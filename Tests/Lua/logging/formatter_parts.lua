-- A subclass may replace one part of what a formatter does; format calls it, as in Python.
local logging = require "logging"
local handler = logging.StreamHandler()
local log = logging.getLogger("parts")
log:addHandler(handler)
log.propagate = false

local Parts = logging.Formatter:subclass("Parts")
function Parts:formatMessage(record) return "<" .. Parts.super.formatMessage(self, record) .. ">" end
function Parts:formatTime(record, datefmt) return "noon" end
function Parts:formatException(error) return "error: " .. Parts.super.formatException(self, error) end
function Parts:formatStack(frames) return "stack: " .. frames:match("^[^:]*") end
handler:setFormatter(Parts("%(asctime)s %(message)s"))
log:warning("plain")
log:error("failed", {exc_info = "boom"})
log:error("where", {stack_info = true})

local OneLine = logging.Formatter:subclass("OneLine")
function OneLine:formatException(error) return (tostring(error):gsub("\n%s*", " | ")) end
handler:setFormatter(OneLine("%(levelname)s %(message)s"))
log:error("failed", {exc_info = "two\nlines"})

function OneLine:formatException(error) return 5 end
handler:setFormatter(OneLine("%(message)s"))
log:error("no text", {exc_info = "boom"})

-- formatException gets the error itself; exception without one shows none only if that is asked for.
local ValueError = require "exceptions".ValueError
local ByClass = logging.Formatter:subclass("ByClass")
function ByClass:formatException(error)
  return tostring(error) .. ": " .. (ValueError:is(error) and "a value" or type(error))
end
handler:setFormatter(ByClass("%(message)s"))
log:error("an error", {exc_info = ValueError("seven")})
log:error("a string", {exc_info = "boom"})
log:exception("none", {exc_info = false})
log:exception("unknown")

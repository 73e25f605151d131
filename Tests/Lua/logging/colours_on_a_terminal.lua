-- Stream handlers colour records by level if asked to; on "auto" only a terminal sees it.
local logging = require "logging"
local config = require "logging.config"
local testing = require "testing"
local ValueError = require "exceptions".ValueError

local function shown(handler, level)
  return handler:format(logging.makeLogRecord { msg = "m", levelno = level })
end

local plain = logging.StreamHandler()
testing.equal(plain.color, "never")
testing.equal(shown(plain, 40), "m")

local always = logging.StreamHandler { stream = io.stdout, color = "always" }
testing.equal(shown(always, logging.DEBUG), "\27[90mm\27[0m")
testing.equal(shown(always, logging.WARNING), "\27[33mm\27[0m")
testing.equal(shown(always, 45), "\27[31mm\27[0m")
testing.equal(shown(always, 5), "m")
always.color = "never"
testing.equal(shown(always, 40), "m")

-- What tests write to is no terminal.
if not os.getenv "FORCE_COLOR" then
  testing.equal(shown(logging.StreamHandler(io.stdout, { color = "auto" }), 40), "m")
end

config.dictConfig {
  version = 1,
  handlers = {
    h = { class = "logging.StreamHandler", color = "always", colors = { ERROR = "bright blue", INFO = "", WARNING = "bold_underline" } },
  },
}
local handler = logging.getHandlerByName("h")
testing.equal(shown(handler, logging.ERROR), "\27[94mm\27[0m")
testing.equal(shown(handler, logging.WARNING), "\27[1;4mm\27[0m")
testing.equal(shown(handler, logging.INFO), "m")
testing.equal(shown(handler, logging.CRITICAL), "\27[1;31mm\27[0m")

testing.raises(ValueError, "color must be \"auto\", \"always\" or \"never\", got 'sometimes'",
  function() always.color = "sometimes" end)
testing.raises(ValueError, "unknown color 'pink' (known: black, red",
  function() logging.StreamHandler { color = "auto", colors = { INFO = "pink" } } end)
testing.raises(ValueError, "Unknown level: 'INF'",
  function() logging.StreamHandler { color = "auto", colors = { INF = "red" } } end)

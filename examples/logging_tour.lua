-- What Python programmers know of logging, and a few things beside it.
local logging = require "logging"
local config = require "logging.config"

-- A configuration: three handlers, a script's own formatter and filter among them.
local Brief = logging.Formatter:subclass("Brief")
function Brief:formatException(error) return "  because: " .. tostring(error) end

config.dictConfig {
  version = 1,
  formatters = {
    brief = { class = Brief, format = "%(levelname)-8s %(name)s: %(message)s" },
    json = { class = "logging.JSONFormatter", keys = { "level", "logger", "message", "fields" } },
  },
  filters = { no_health_checks = { ["()"] = function() return function(record) return record.path ~= "/health" end end } },
  handlers = {
    console = {
      class = "logging.StreamHandler", stream = "ext://sys.stdout", formatter = "brief",
      filters = { "no_health_checks" }, color = "auto",
    },
    machine = { class = "logging.StreamHandler", stream = "ext://sys.stdout", formatter = "json", level = "WARNING" },
  },
  root = { level = "INFO", handlers = { "console", "machine" } },
}

local log = logging.getLogger("shop.orders")
log:debug("below the level: not even formatted")
log:info("user %s took %d ms", "ada", 12)
log:info("asked", { path = "/health" })
log:warning("paid late", { order = 7, amount = 12.5 })

-- Context that all records of a request have.
local request = log:bind { request = "r-1" }
request:error("no such item: %(item)s", { item = "lamp" })

-- An error value, and Lua's own warnings.
local _, problem = pcall(error, "the disk is full", 0)
log:exception("cannot save", { exc_info = problem })
logging.captureWarnings(true)
logging.getLogger("py.warnings"):addFilter(function(record)
  record.msg = record:getMessage():match("UserWarning: .*")
  return true
end)
warn("this is deprecated")

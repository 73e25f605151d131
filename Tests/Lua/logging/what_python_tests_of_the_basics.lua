-- Small things that Python's own tests insist on.
local testing = require "testing"
local logging = require "logging"
local handlers = require "logging.handlers"
local queue = require "queue"
local config = require "logging.config"
local exceptions = require "exceptions"

-- A handler without emit says so before it looks at what it was given.
testing.raises(exceptions.NotImplementedError, "emit must be implemented", function() logging.Handler():emit(nil) end)

-- A subclass whose stream fails is told by its own handleError, and the caller goes on.
local Telling = logging.StreamHandler:subclass("Telling")
function Telling:handleError(record) self.failed = record.msg end
local telling = Telling { stream = { write = function() error("deliberate mistake", 0) end } }
telling:handle(logging.makeLogRecord { msg = "lost" })
testing.equal(telling.failed, "lost")
testing.equal(tostring(logging.StreamHandler { stream = { write = function() end, name = 2 } }), "<StreamHandler 2 (NOTSET)>")

-- Formats are valid as soon as something in them is; what else is wrong shows when they are used.
local half = logging.Formatter("%(levelname)s %(process)*.3o")
testing.raises("* wants int", function() half:format(logging.makeLogRecord {}) end)
testing.equal(logging.Formatter("%%(levelname)s"):format(logging.makeLogRecord { levelname = "X" }), "%(levelname)s")
for format, message in pairs {
  ["{process!aa:15}"] = "expected ':' after conversion specifier",
  ["{process!}"] = "unmatched '{' in format spec",
  ["{process!"] = "end of string while looking for conversion specifier",
  ["{process!Z}"] = "invalid conversion: 'Z'",
} do
  testing.raises(exceptions.ValueError, "invalid format: " .. message, logging.Formatter, { fmt = format, style = "{" })
end
for _, format in ipairs { "%(a)", "%(a b)s", "%()s", "%(a).s", "%(a)12.3*f", "%(a)0*.8*f", "%(a)Z", "%d" } do
  testing.raises(exceptions.ValueError, "Invalid format '" .. format .. "' for '%' style", logging.Formatter, format)
end

-- One table of names is what a message's arguments are, and what a queue has taken has none left.
local record = logging.makeLogRecord { msg = "less is %(less)s", args = { less = "more" } }
testing.equal({ record:getMessage(), record.args.less }, { "less is more", "more" })
record = logging.LogRecord("n", 10, "p", 1, "%(a)s and %(b)d", { a = "x", b = 5 })
testing.equal({ record:getMessage(), record.args.b }, { "x and 5", 5 })
testing.equal(logging.makeLogRecord { msg = "%s", args = { { a = 1 } } }.args[1].a, 1)
local q, log = queue.Queue(), logging.Logger("queued")
log:addHandler(handlers.QueueHandler(q))
log:warning("%d", 1)
record = q:get()
testing.equal({ record.msg, record.args == nil }, { "1", true })
record.args = { 2 }
record.msg = "%d again"
testing.equal({ record:getMessage(), record.args[1] }, { "2 again", 2 })
testing.equal(logging.makeLogRecord {}.args, {})

-- Handlers at the end are released, whatever fails.
local called = {}
local function fake(failing)
  local handler = {}
  for _, name in ipairs { "acquire", "flush", "close", "release" } do
    handler[name] = function()
      called[#called + 1] = name
      if name == failing then error(exceptions.OSError("gone")) end
    end
  end
  return handler
end
logging.shutdown { fake(), fake("acquire"), fake("close") }
testing.equal(table.concat(called, " "), "acquire flush close release acquire release acquire flush close release")

-- The words of configurations.
config.dictConfig { version = 1, disable_existing_loggers = false,
  loggers = { yes = { propagate = "true" }, no = { propagate = 0 }, on = { propagate = 1 } } }
local function propagates(name) return logging.getLogger(name).propagate end
testing.equal({ propagates("yes"), propagates("no"), propagates("on") }, { true, false, true })
testing.raises('loggers.x.propagate: expected a boolean, got "false"', config.dictConfig,
  { version = 1, loggers = { x = { propagate = "false" } } })
local path = os.tmpname()
local file <close> = assert(io.open(path, "w"))
file:write("[loggers]\nkeys=root\n[handlers]\nkeys=out\n[formatters]\nkeys=\n[logger_root]\nhandlers=out\n"
  .. "[handler_out]\nclass=logging.StreamHandler\nargs=tuple()\nkwargs=dict()\n")
file:flush()
config.fileConfig(path)
os.remove(path)
testing.equal(logging.root.handlers[1].name, "out")

-- The one message about a record that nobody took can be said anew.
testing.equal(logging.root.manager.emittedNoHandlerWarning, false)
logging.lastResort = nil
logging.root.handlers = {}
logging.root:warning("to nobody")
testing.equal(logging.root.manager.emittedNoHandlerWarning, true)
logging.root:warning("to nobody")
logging.root.manager.emittedNoHandlerWarning = false
logging.root:warning("to nobody")

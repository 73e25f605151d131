local logging = require "logging"
local config = require "logging.config"
local ValueError = require("exceptions").ValueError
local folder = ...

local tag = "[tag] "
local Tagging = logging.Formatter:subclass("Tagging")
function Tagging:init(args)
  Tagging.super.init(self, args.fmt)
  self.tag = args.tag
end
function Tagging:format(record) return self.tag .. Tagging.super.format(self, record) end

local Counting = logging.StreamHandler:subclass("Counting")
function Counting:init(args)
  Counting.super.init(self, args.stream)
  self.prefix = args.prefix
end
function Counting:format(record) return self.prefix .. Counting.super.format(self, record) end

local function settings(changes)
  local t = {
    version = 1,
    disable_existing_loggers = false,
    formatters = {
      plain = {format = "%(levelname)s:%(name)s:%(message)s"},
      tagged = {["()"] = Tagging, fmt = "%(message)s", tag = tag},
      by_function = {["()"] = function(args) return function(record) return args.mark .. record.message end end, mark = "* "},
    },
    filters = {
      app = {name = "app"},
      short = {["()"] = function(args) local n = args.n; return function(record) return #record.message < n end end, n = 10},
    },
    handlers = {
      console = {class = "logging.StreamHandler", formatter = "plain", stream = "ext://sys.stderr", filters = {"app"}},
      tagged = {class = "StreamHandler", formatter = "tagged", stream = io.stdout, level = "ERROR"},
      counting = {["()"] = Counting, prefix = "n ", stream = "ext://sys.stdout", level = 50},
      file = {class = "logging.FileHandler", filename = folder .. "/c.log", mode = "w", formatter = "by_function",
        filters = {"short", function(record) return record.levelno > 10 end}},
    },
    loggers = {
      app = {level = "DEBUG", handlers = {"console", "file"}, propagate = true},
      other = {handlers = {"console"}},
    },
    root = {level = "WARNING", handlers = {"tagged", "counting"}},
  }
  for path, value in pairs(changes or {}) do
    local place, last = t, nil
    for step in path:gmatch("[^.]+") do
      if last then place = place[last] end
      last = step
    end
    place[last] = value
  end
  return t
end

config.dictConfig(settings())
local app = logging.getLogger("app")
app:debug("debugging")
app:info("short")
app:info("not so very short")
app:error("error")
logging.getLogger("other"):warning("filtered away")
logging.critical("the end")
local f = assert(io.open(folder .. "/c.log"))
assert(f:read("a") == "* short\n* error\n")
f:close()
assert(logging.getHandlerByName("file").baseFilename == folder .. "/c.log")

-- A bad one changes nothing, truncates no file, and says where.
local function refused(changes, message)
  local ok, err = pcall(config.dictConfig, settings(changes))
  assert(not ok and ValueError:is(err), tostring(err))
  assert(tostring(err) == message, tostring(err))
  local f = assert(io.open(folder .. "/c.log"))
  assert(f:read("a") == "* short\n* error\n", "the file was touched")
  f:close()
end
refused({["handlers.console.level"] = "WARN1NG"}, 'handlers.console.level: unknown level "WARN1NG" (did you mean "WARNING"?)')
refused({["loggers.app.handlers"] = {"consle"}}, 'loggers.app.handlers[0]: no handler named "consle" (did you mean "console"?)')
refused({["handlers.console.class"] = "logging.StreamHandlr"}, 'handlers.console.class: unknown handler class "logging.StreamHandlr" (did you mean "logging.StreamHandler"?)')
refused({["handlers.counting.level"] = "cfg://loggers.app.handlers[7]"},
  'handlers.counting.level: "cfg://loggers.app.handlers[7]" names nothing: there is no "7"')
refused({version = 2}, 'version: unsupported version 2; must be 1')
refused({["handlers.console.stream"] = coroutine.create(print)}, 'handlers.console.stream: a thread cannot be here')
refused({["formatters.tagged.()"] = function() error("no formatter today", 0) end}, 'formatters.tagged: no formatter today')
refused({["handlers.tagged.()"] = function() return 5 end}, 'handlers.tagged: TypeError: the factory must return a handler, got number')
refused({["formatters.tagged.()"] = 5}, 'formatters.tagged["()"]: expected the name of a formatter class, got 5')
refused({["handlers.zzz"] = {class = "FileHandler", filename = folder .. "/no/such/file"}},
  "handlers.zzz: [Errno 2] No such file or directory: '" .. folder .. "/no/such/file'")
do
  -- A level among the attributes of a handler is checked too; names in paths cannot break the line.
  local function message(handlers)
    local ok, refusal = pcall(config.dictConfig, {version = 1, handlers = handlers})
    assert(not ok)
    return tostring(refusal)
  end
  local text = message{h = {class = "NullHandler", ["."] = {level = "NOPE"}}}
  assert(text:find('handlers.h["."].level: unknown level "NOPE"', 1, true), text)
  config.dictConfig{
    version = 1, disable_existing_loggers = false, handlers = {h = {class = "NullHandler", ["."] = {level = "ERROR"}}},
  }
  assert(logging.getHandlerByName("h").level == logging.ERROR)
  text = message{h = {class = "logging.Handler"}}
  assert(text:find('handlers.h.class: "logging.Handler" is only the base of other classes', 1, true), text)
  text = message{["a\n\27[31m"] = {class = "NullHandler", level = "NOPE"}}
  assert(text:find('handlers.a\\n\\u001b[31m.level: unknown level "NOPE"', 1, true), text)
end
local ok, err = pcall(config.dictConfig, 5)
assert(not ok and require("exceptions").TypeError:is(err))
app:error("still as before")
assert(err.traceback)

config.dictConfig{version = 1, incremental = true, handlers = {tagged = {level = "CRITICAL"}}, root = {level = "ERROR"}}
assert(logging.getLogger().level == logging.ERROR and logging.getHandlerByName("tagged").level == 50)

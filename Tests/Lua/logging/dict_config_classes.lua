-- Classes and functions of a script's own in a configuration, attributes (`.`), and references into other sections.
local logging = require "logging"
local config = require "logging.config"
local testing = require "testing"

local Brief = logging.Formatter:subclass("Brief")
function Brief:formatException(error) return "Got a [" .. tostring(error) .. "]" end

local Shouting = logging.Handler:subclass("Shouting")
function Shouting:init(options)
  Shouting.super.init(self)
  self.word = options.word
  self.lines = {}
end
function Shouting:emit(record) self.lines[#self.lines + 1] = self.word .. self:format(record) end

config.dictConfig {
  version = 1,
  formatters = { brief = { class = Brief, format = "%(levelname)s:%(name)s:%(message)s" } },
  handlers = { loud = { class = Shouting, formatter = "brief", word = "HEY ", ["."] = { place = "here" } } },
  root = { level = "INFO", handlers = { "loud" } },
}
logging.getLogger("x"):error("no %s", "luck", { exc_info = "broken" })
local loud = logging.getHandlerByName("loud")
testing.equal(loud.lines[1], "HEY ERROR:x:no luck\nGot a [broken]")
testing.equal(loud.place, "here")

-- `()` makes one too, and with a formatter's class `format` is the first argument's other name, as in Python.
config.dictConfig {
  version = 1,
  formatters = { brief = { ["()"] = Brief, format = "%(message)s!", ["."] = { note = "n" } } },
  handlers = {
    out = {
      class = "logging.StreamHandler", stream = "ext://sys.stdout", formatter = "brief",
      ["."] = { terminator = "!\n", foo = "bar" },
    },
  },
}
local out = logging.getHandlerByName("out")
testing.equal(out.terminator, "!\n")
testing.equal(out.foo, "bar")
testing.equal(out.missing, nil)
testing.equal(out.formatter:format(logging.makeLogRecord { msg = "m" }), "m!")

-- What `cfg://` leads into may have any name; an entry that nothing refers to is a mistake.
config.dictConfig {
  version = 1,
  templates = { { class = "logging.NullHandler" } },
  levels = { deep = { list = { "ERROR", "INFO" } } },
  handlers = { h = "cfg://templates[0]" },
  root = { level = "cfg://levels.deep[list][1]", handlers = { "h" } },
}
testing.equal(logging.root.level, logging.INFO)
testing.equal(tostring(logging.root.handlers[1]), "<NullHandler (NOTSET)>")
testing.raises(require "exceptions".ValueError, "handler: unknown key (did you mean \"handlers\"?)",
  function() config.dictConfig { version = 1, handler = {} } end)

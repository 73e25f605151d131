-- `fileConfig` reads the INI files of Python programs.
local logging = require "logging"
local config = require "logging.config"
local exceptions = require "exceptions"
local testing = require "testing"

local folder = testing.shell("mktemp -d")
local function apply(text, ...)
  local path = folder .. "/log.ini"
  testing.write(path, text)
  config.fileConfig(path, ...)
end

local basic = [[
# A comment.
[loggers]
keys=root, parser

[handlers]
keys=hand1,file
[formatters]
keys=form1

[logger_root]
level: WARNING
handlers = hand1
[logger_parser]
level=DEBUG
handlers=file
propagate=0
qualname=compiler.parser

[handler_hand1]
class=StreamHandler
level=NOTSET
formatter=form1
args=(sys.stdout,)
[handler_file]
class=handlers.RotatingFileHandler
args=('%(folder)s/parser.log', "a")
kwargs={'maxBytes': 1_000, 'backupCount': 0x2,
  'delay': False}
formatter=form1

[formatter_form1]
format=%(levelname)s ++ %(message)s %%
datefmt=
]]
local existing = logging.getLogger("existing")
apply(basic, { folder = folder })
testing.equal(logging.root.level, logging.WARNING)
testing.equal(existing.disabled, true)
local parser = logging.getLogger("compiler.parser")
testing.equal(parser.propagate, false)
testing.equal(parser.handlers[1].maxBytes, 1000)
testing.equal(parser.handlers[1].backupCount, 2)
testing.equal(table.concat(logging.getHandlerNames(), " "), "file hand1")
parser:debug("to the file")
testing.equal(testing.read(folder .. "/parser.log"), "DEBUG ++ to the file %\n")
testing.equal(tostring(logging.root.handlers[1]), "<StreamHandler <stdout> (NOTSET)>")

-- Loggers that exist may stay enabled; a file that is open for reading will do.
local file <close> = assert(io.open(folder .. "/log.ini"))
existing.disabled = false
config.fileConfig { fname = file, defaults = { folder = folder }, disable_existing_loggers = false }
testing.equal(existing.disabled, false)

-- What is wrong changes nothing, and says what it is.
testing.raises(exceptions.FileNotFoundError, folder .. "/none.ini doesn't exist",
  function() config.fileConfig(folder .. "/none.ini") end)
testing.raises(exceptions.RuntimeError, "log.ini is an empty file", function() apply("") end)
testing.raises(exceptions.RuntimeError, "log.ini is invalid: File contains no section headers.",
  function() apply("\n  prince\n  ") end)
testing.raises(exceptions.RuntimeError, "Source contains parsing errors", function() apply("[loggers]\nprince\n") end)
testing.raises(exceptions.KeyError, "formatters", function() apply("[loggers]\nkeys=root\n") end)
testing.raises(exceptions.KeyError, "formatter_misspelled",
  function() apply((basic:gsub("keys=form1", "keys=misspelled")), { folder = folder }) end)
testing.raises(exceptions.ValueError, "contains an interpolation key 'folder'", function() apply(basic) end)
testing.raises(exceptions.ValueError, "already exists", function() apply("[a]\nk=1\nk=2\n") end)
testing.raises(exceptions.ValueError, "only literals are read, and 'sys.stbout' is none",
  function() apply((basic:gsub("sys.stdout", "sys.stbout")), { folder = folder }) end)
testing.raises(exceptions.ValueError, "no literal", function()
  apply((basic:gsub("%(sys.stdout,%)", "(__import__('os').system('true'),)")), { folder = folder })
end)
testing.raises(exceptions.ValueError, "unknown handler class \"StreamHandle\" (did you mean \"StreamHandler\"?)",
  function() apply((basic:gsub("class=StreamHandler", "class=StreamHandle")), { folder = folder }) end)
testing.equal(logging.getLogger("compiler.parser").handlers[1].maxBytes, 1000)

-- A memory handler names its target, and a formatter its class and style.
apply [[
[loggers]
keys=root
[handlers]
keys=memory,out
[formatters]
keys=json,curly
[logger_root]
handlers=memory
[handler_memory]
class=handlers.MemoryHandler
args=(2, ERROR)
target=out
[handler_out]
class=StreamHandler
args=[sys.stderr]
formatter=curly
[formatter_json]
class=logging.JSONFormatter
[formatter_curly]
format={levelname} {message}
style={
]]
local memory = logging.root.handlers[1]
testing.equal(memory.flushLevel, logging.ERROR)
testing.equal(memory.target == logging.getHandlerByName("out"), true)
testing.shell("rm -r '" .. folder .. "'")

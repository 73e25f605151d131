-- Files are UTF-8; ASCII and Latin-1 are there for those that read them, with Python's treatment of what they lack.
local logging = require "logging"
local testing = require "testing"
local LookupError = require "exceptions".LookupError

local path = testing.shell("mktemp")
local text = "The Øresund Bridge 😀"
local function written(options)
  options.filename, options.mode = path, "w"
  local handler <close> = logging.FileHandler(options)
  handler:handle(logging.makeLogRecord { msg = text })
  handler:close()
  return testing.read(path)
end

testing.equal(written {}, text .. "\n")
testing.equal(written { encoding = "UTF-8" }, text .. "\n")
testing.equal(written { encoding = "ascii", errors = "ignore" }, "The resund Bridge \n")
testing.equal(written { encoding = "ascii", errors = "replace" }, "The ?resund Bridge ?\n")
testing.equal(written { encoding = "ascii", errors = "backslashreplace" }, "The \\xd8resund Bridge \\U0001f600\n")
testing.equal(written { encoding = "ascii", errors = "xmlcharrefreplace" }, "The &#216;resund Bridge &#128512;\n")
testing.equal(written { encoding = "iso-8859-1", errors = "ignore" }, "The \216resund Bridge \n")

-- `basicConfig` escapes unless told otherwise, as in Python.
logging.basicConfig { filename = path, filemode = "w", encoding = "ascii", format = "%(message)s", force = true }
local handler = logging.root.handlers[1]
testing.equal(handler.encoding, "ascii")
testing.equal(handler.errors, "backslashreplace")
logging.warning(text)
testing.equal(testing.read(path), "The \\xd8resund Bridge \\U0001f600\n")
logging.root.handlers = {}

-- A strict file refuses the record, which is told of; the program goes on.
testing.equal(written { encoding = "ascii" }, "")

-- Of a call the place is told too.
for _, class in ipairs { logging.FileHandler, require "logging.handlers".RotatingFileHandler } do
  local handler <close>, log = class { filename = path, encoding = "ascii" }, logging.Logger("called")
  log:addHandler(handler)
  log:warning("%s bridges", "Ø")
end

testing.equal(logging.FileHandler(path).encoding, "utf-8")
testing.raises(LookupError, "unknown encoding: utf-16 (known: utf-8, ascii, latin-1)",
  function() logging.FileHandler(path, "a", "utf-16") end)
testing.raises(LookupError, "unknown error handler name 'loose'",
  function() logging.FileHandler { filename = path, errors = "loose" } end)
os.remove(path)

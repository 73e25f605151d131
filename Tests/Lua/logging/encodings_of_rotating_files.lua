-- Files that are rotated have an encoding as other files do; sizes count what is written.
local logging = require "logging"
local handlers = require "logging.handlers"
local testing = require "testing"
local LookupError = require "exceptions".LookupError
local folder = ...

local text = "Øl"
for _, class in ipairs { handlers.RotatingFileHandler, handlers.TimedRotatingFileHandler, handlers.WatchedFileHandler } do
  local path = folder .. "/written.log"
  local handler = class { filename = path, encoding = "latin-1", errors = "xmlcharrefreplace" }
  testing.equal({ handler.encoding, handler.errors, handler.delay }, { "latin-1", "xmlcharrefreplace", false })
  handler:handle(logging.makeLogRecord { msg = text .. "😀" })
  testing.equal(testing.read(path), "\216l&#128512;\n")
  testing.equal(handler:format(logging.makeLogRecord { msg = text }), text)
  handler:close()
  os.remove(path)
  testing.raises(LookupError, "unknown encoding: utf-16", class, { filename = path, encoding = "utf-16" })
  testing.raises(LookupError, "unknown error handler name 'loose'", class, { filename = path, errors = "loose" })
  assert(not testing.exists(path))
end

-- Four bytes with the line end fit; in UTF-8 it would be one more.
local path = folder .. "/sized.log"
local sized = handlers.RotatingFileHandler { filename = path, maxBytes = 9, backupCount = 1, encoding = "latin-1" }
local record = logging.makeLogRecord { msg = "Øøå" }
sized:handle(record)
testing.equal(sized:shouldRollover(record), false)
sized:handle(record)
testing.equal(testing.read(path), ("\216\248\229\n"):rep(2))
testing.equal(sized:shouldRollover(record), true)
sized:close()

-- Several at once, and a subclass that writes by itself.
local Loud = handlers.RotatingFileHandler:subclass("Loud")
function Loud:format(r) return Loud.super.format(self, r) .. "!" end
function Loud:rotation_filename(name) return name .. ".old" end
local loud = Loud { filename = folder .. "/loud.log", encoding = "latin-1", async = true }
local log = logging.Logger("loud")
log:addHandler(loud)
log:warning("Ø")
log:warning("å")
loud:flush()
testing.equal(testing.read(folder .. "/loud.log"), "\216!\n\229!\n")
loud:close()

-- In a configuration; another encoding is another file to open.
local function configure(encoding)
  logging.config.dictConfig {
    version = 1,
    handlers = { h = { class = "logging.handlers.WatchedFileHandler", filename = folder .. "/c.log", encoding = encoding } },
    root = { handlers = { "h" } },
  }
  logging.warning(text)
end
configure("latin-1")
configure("utf-8")
configure(nil)
testing.equal(testing.read(folder .. "/c.log"), "\216l\n" .. (text .. "\n"):rep(2))
logging.root.handlers = {}

-- A strict one refuses the record, which is told of; the file stays as it is.
local strict = handlers.TimedRotatingFileHandler { filename = folder .. "/strict.log", encoding = "ascii" }
strict:handle(record)
testing.equal(testing.read(folder .. "/strict.log"), "")

-- With delay there is no file before the first record, nor after a rotation that is asked for.
local late = handlers.RotatingFileHandler { filename = folder .. "/late.log", backupCount = 1, delay = true }
testing.equal(late.delay, true)
assert(not testing.exists(folder .. "/late.log"))
late:handle(record)
late:doRollover()
assert(testing.exists(folder .. "/late.log.1") and not testing.exists(folder .. "/late.log"))
late:handle(record)
assert(testing.exists(folder .. "/late.log"))

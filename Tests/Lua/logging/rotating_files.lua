local testing = require "testing"
local logging = require "logging"
local handlers = require "logging.handlers"
local exceptions = require "exceptions"
local folder = ...
local path = folder .. "/app.log"

testing.equal(logging.handlers, handlers)
local log = logging.getLogger("rotating")
log.propagate = false

-- By size: the record that would make the file too large goes to a new one.
local rotating = handlers.RotatingFileHandler { filename = path, maxBytes = 20, backupCount = 2 }
testing.equal({ rotating.maxBytes, rotating.backupCount, rotating.baseFilename, rotating.mode }, { 20, 2, path, "a" })
assert(logging.FileHandler:is(rotating) and handlers.BaseRotatingHandler:is(rotating))
log:addHandler(rotating)
for i = 1, 7 do log:warning("record %d", i) end
testing.equal(testing.names(folder), { "app.log", "app.log.1", "app.log.2" })
testing.equal(testing.read(path), "record 7\n")
testing.equal(testing.read(path .. ".1"), "record 5\nrecord 6\n")
testing.equal(rotating:shouldRollover(logging.makeLogRecord { msg = "0123456789" }), true)
testing.equal(rotating:shouldRollover(logging.makeLogRecord { msg = "0" }), false)
rotating:doRollover()
testing.equal(testing.read(path), "")
testing.equal(testing.read(path .. ".1"), "record 7\n")
testing.equal(rotating:rotation_filename("x"), "x")

-- A namer and a rotator of the script's.
rotating.namer = function(name) return name .. ".txt" end
rotating.rotator = function(source, destination)
  os.rename(source, destination)
  local note = assert(io.open(destination .. ".note", "w"))
  note:write("moved")
  note:close()
end
testing.equal(rotating:rotation_filename("x"), "x.txt")
testing.equal(rotating.namer("y"), "y.txt")
log:warning("a record of more than twenty bytes")
log:warning("another of more than twenty bytes")
testing.equal(testing.read(path .. ".1.txt"), "a record of more than twenty bytes\n")
testing.equal(testing.read(path .. ".1.txt.note"), "moved")
rotating.namer, rotating.rotator = nil, nil
testing.equal(rotating.namer, nil)
log:removeHandler(rotating)
rotating:close()

-- By the clock.
local timed = handlers.TimedRotatingFileHandler { filename = folder .. "/t.log", when = "midnight", utc = true, backupCount = 1 }
testing.equal({ timed.when, timed.interval, timed.utc, timed.suffix }, { "MIDNIGHT", 86400, true, "%Y-%m-%d" })
testing.equal(timed.rolloverAt % 86400, 0)
testing.equal(timed:computeRollover(1704164645), 1704240000)
testing.equal(handlers.TimedRotatingFileHandler(folder .. "/t2.log", "W2", 1, 0, nil, true, true, { hour = 3, min = 30 })
  :computeRollover(1704164645), 1704252600)
log:addHandler(timed)
log:warning("old")
timed.rolloverAt = os.time() - 1
log:warning("new")
testing.equal(testing.read(folder .. "/t.log"), "new\n")
testing.equal(timed:getFilesToDelete(), {})
log:removeHandler(timed)
timed:close()
testing.raises(exceptions.ValueError, "Invalid rollover interval specified: X", handlers.TimedRotatingFileHandler,
  folder .. "/x", "x")

-- Compressed.
local compressed = handlers.RotatingFileHandler { filename = folder .. "/z.log", maxBytes = 10, backupCount = 2, compress = true }
log:addHandler(compressed)
log:warning("first record")
log:warning("second record")
compressed:close()
testing.equal(testing.shell("gzip -dc '" .. folder .. "/z.log.1.gz'"), "first record")
log:removeHandler(compressed)

-- A file that somebody else moves away.
local watched = handlers.WatchedFileHandler(folder .. "/w.log")
log:addHandler(watched)
log:warning("one")
os.rename(folder .. "/w.log", folder .. "/w.old")
log:warning("two")
testing.equal({ testing.read(folder .. "/w.old"), testing.read(folder .. "/w.log") }, { "one\n", "two\n" })
os.rename(folder .. "/w.log", folder .. "/w.older")
watched:reopenIfNeeded()
assert(testing.exists(folder .. "/w.log"))
log:removeHandler(watched)
watched:close()

-- A subclass decides when, and is called for each record.
local Always = handlers.RotatingFileHandler:subclass("Always")
function Always:shouldRollover(record) return record.message ~= "first" end
local always = Always { filename = folder .. "/a.log", backupCount = 9 }
log:addHandler(always)
for _, text in ipairs { "first", "second", "third" } do log:warning(text) end
testing.equal(testing.read(folder .. "/a.log"), "third\n")
testing.equal(testing.read(folder .. "/a.log.2"), "first\n")
log:removeHandler(always)

-- In a configuration.
logging.config.dictConfig {
  version = 1,
  handlers = {
    size = { class = "logging.handlers.RotatingFileHandler", filename = folder .. "/c.log", maxBytes = 12, backupCount = 1 },
    time = { class = "logging.handlers.TimedRotatingFileHandler", filename = folder .. "/d.log", when = "D", compress = true },
    watch = { class = "logging.handlers.WatchedFileHandler", filename = folder .. "/e.log" },
  },
  root = { handlers = { "size", "time", "watch" } },
}
logging.warning("12345678")
logging.warning("abc")
testing.equal(testing.read(folder .. "/c.log"), "abc\n")
testing.equal(testing.read(folder .. "/c.log.1"), "12345678\n")
testing.equal(testing.read(folder .. "/d.log"), testing.read(folder .. "/e.log"))
testing.raises("handlers.time: Invalid rollover interval specified: Y", logging.config.dictConfig, {
  version = 1, handlers = { time = { class = "logging.handlers.TimedRotatingFileHandler", filename = "x", when = "Y" } },
})

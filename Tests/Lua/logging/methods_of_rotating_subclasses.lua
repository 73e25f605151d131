-- A rotation asks the methods of a subclass for names, moves and what is too old, in Python's order.
local testing = require "testing"
local logging = require "logging"
local handlers = require "logging.handlers"
local folder = ...

local log = logging.getLogger("rotating subclasses")
log.propagate = false

-- By size: names, then the move.
local Sized = handlers.RotatingFileHandler:subclass("Sized")
function Sized:init(...)
  Sized.super.init(self, ...)
  self.calls = {}
end
function Sized:note(...) self.calls[#self.calls + 1] = table.concat({ ... }, " "):gsub("[^ ]*/", "") end
function Sized:rotation_filename(name)
  self:note("name", name)
  return Sized.super.rotation_filename(self, name) .. ".old"
end
function Sized:rotate(source, destination)
  self:note("rotate", source, destination)
  log:warning("logged by the handler itself")
  Sized.super.rotate(self, source, destination)
end

local sized = Sized { filename = folder .. "/s.log", maxBytes = 10, backupCount = 3 }
log:addHandler(sized)
for _, text in ipairs { "first", "second", "third" } do log:warning(text) end
local once = {
  "name s.log.2", "name s.log.3", "name s.log.1", "name s.log.2", "name s.log.1", "rotate s.log s.log.1.old",
}
testing.equal(sized.calls, { once[1], once[2], once[3], once[4], once[5], once[6], table.unpack(once) })
testing.equal(testing.names(folder), { "s.log", "s.log.1.old", "s.log.2.old" })
testing.equal(testing.read(folder .. "/s.log.2.old"), "first\n")
testing.equal(testing.read(folder .. "/s.log"), "third\n")

-- From the script, on an instance that works elsewhere by now.
testing.equal(sized:rotation_filename("x"), "x.old")
sized:rotate(folder .. "/s.log.2.old", folder .. "/moved")
testing.equal(testing.read(folder .. "/moved"), "first\n")
sized.calls = {}
sized:doRollover()
testing.equal(sized.calls, once)
testing.equal(testing.read(folder .. "/s.log"), "")
testing.equal(sized:shouldRollover(logging.makeLogRecord { msg = "0123456789" }), false)
log:warning("after")
testing.equal(sized:shouldRollover(logging.makeLogRecord { msg = "0123456789" }), true)
log:removeHandler(sized)
sized:close()

-- A method that keeps the file where it is has the record go on into it.
local Staying = handlers.RotatingFileHandler:subclass("Staying")
function Staying:rotate() end
local staying = Staying { filename = folder .. "/stay.log", maxBytes = 1, backupCount = 1 }
log:addHandler(staying)
log:warning("a")
log:warning("b")
testing.equal(testing.read(folder .. "/stay.log"), "a\nb\n")
log:removeHandler(staying)

local Never = handlers.RotatingFileHandler:subclass("Never")
function Never:shouldRollover(record) return false end
local never = Never { filename = folder .. "/never.log", maxBytes = 1, backupCount = 1 }
log:addHandler(never)
log:warning("a")
log:warning("b")
testing.equal(testing.read(folder .. "/never.log"), "a\nb\n")
log:removeHandler(never)

-- Without files to keep, what becomes of a full one is the subclass's to say.
local Own = handlers.RotatingFileHandler:subclass("Own")
function Own:doRollover()
  self.count = (self.count or 0) + 1
  os.rename(self.baseFilename, self.baseFilename .. "-" .. self.count)
  Own.super.doRollover(self)
end
local own = Own { filename = folder .. "/own.log", maxBytes = 1 }
log:addHandler(own)
log:warning("a")
log:warning("b")
log:removeHandler(own)
testing.equal(own.count, 1)
testing.equal({ testing.read(folder .. "/own.log-1"), testing.read(folder .. "/own.log") }, { "a\n", "b\n" })

-- The text whose size counts is that of the subclass's format.
local Long = handlers.RotatingFileHandler:subclass("Long")
function Long:format(record) return ("%s "):rep(5):format(record.message, 1, 2, 3, 4) end
function Long:rotation_filename(name) return name .. ".long" end
local long = Long { filename = folder .. "/long.log", maxBytes = 20, backupCount = 1 }
log:addHandler(long)
log:warning("a")
log:warning("b")
log:removeHandler(long)
testing.equal(testing.read(folder .. "/long.log.1.long"), "a 1 2 3 4 \n")

-- By the clock: what is too old, and when it is next.
local Timed = handlers.TimedRotatingFileHandler:subclass("Timed")
function Timed:computeRollover(time)
  self.asked = (self.asked or 0) + 1
  return Timed.super.computeRollover(self, time) + 7
end
function Timed:getFilesToDelete()
  self.usual = Timed.super.getFilesToDelete(self)
  return { folder .. "/doomed" }
end
local path = folder .. "/t.log"
testing.write(folder .. "/doomed", "")
testing.write(path .. ".2001-01-01", "")
testing.write(path .. ".2001-01-02", "")
testing.write(path .. ".2001-01-02.bak", "")
testing.write(folder .. "/t.2001-01-02.log", "")
local timed = Timed { filename = path, when = "midnight", utc = true, backupCount = 1 }
testing.equal({ timed.asked, timed.rolloverAt % 86400 }, { 1, 7 })
log:addHandler(timed)
timed.rolloverAt = os.time() - 1
log:warning("new")
testing.equal({ timed.asked, timed.rolloverAt % 86400 }, { 2, 7 })
assert(not testing.exists(folder .. "/doomed"))
testing.equal(timed.usual, { path .. ".2001-01-01", path .. ".2001-01-02" })
log:removeHandler(timed)

-- What fails is reported, and the record is kept.
for _, method in ipairs { "rotation_filename", "rotate", "doRollover", "shouldRollover" } do
  local Failing = handlers.RotatingFileHandler:subclass("Failing")
  Failing[method] = function() error(method .. " failed", 0) end
  local failing = Failing { filename = folder .. "/" .. method .. ".log", maxBytes = 5, backupCount = 1 }
  testing.write(failing.baseFilename, "before\n")
  log:addHandler(failing)
  log:warning("record %d", 1)
  testing.equal(testing.read(failing.baseFilename), "before\nrecord 1\n")
  testing.equal(failing:stats().delivered, 1)
  log:removeHandler(failing)
  failing:close()
end

-- One that asks for the rotation that it is part of is told so.
local Circular = handlers.RotatingFileHandler:subclass("Circular")
function Circular:rotate() self:doRollover() end
local circular = Circular { filename = folder .. "/circular.log", backupCount = 1 }
testing.raises("is being rotated already", circular.doRollover, circular)

-- In a queue of its own, as anywhere.
local delayed = Sized { filename = folder .. "/q.log", maxBytes = 10, backupCount = 3, async = true }
log:addHandler(delayed)
for _, text in ipairs { "first", "second" } do log:warning(text) end
delayed:flush()
testing.equal(delayed.calls, {
  "name q.log.2", "name q.log.3", "name q.log.1", "name q.log.2", "name q.log.1",
  "rotate q.log q.log.1.old",
})
log:removeHandler(delayed)
delayed:close()

-- A class that says everything itself, in the words of Python's.
local Daily = handlers.BaseRotatingHandler:subclass("Daily")
function Daily:init(filename)
  Daily.super.init(self, filename, "w", "latin-1")
  self.day = 1
end
function Daily:shouldRollover(record) return record.day ~= self.day end
function Daily:doRollover()
  self.stream:close()
  self.stream = nil
  self:rotate(self.baseFilename, self:rotation_filename(self.baseFilename .. "." .. self.day))
  self.day = self.day + 1
end
local daily = Daily(folder .. "/daily.log")
daily.namer = function(name) return name .. ".txt" end
log:addHandler(daily)
for day = 1, 3 do log:warning("æ", { day = day }) end
log:removeHandler(daily)
testing.equal({ daily.mode, daily.encoding, daily.day }, { "w", "latin-1", 3 })
testing.equal(testing.read(folder .. "/daily.log.1.txt"), "\230\n")
testing.equal(testing.read(folder .. "/daily.log.2.txt"), "\230\n")
testing.equal(testing.read(folder .. "/daily.log"), "\230\n")

-- The attributes of handlers as Python documents them: all can be read, and those that make sense can be set.
local testing = require "testing"
local logging = require "logging"
local handlers = require "logging.handlers"
local queue = require "queue"
local exceptions = require "exceptions"
local folder = ...

local function read(handler, names)
  local values = {}
  for name in names:gmatch("%S+") do
    local value = handler[name]
    values[#values + 1] = value == nil and "nil" or value
  end
  return values
end
local function cannot_set(handler, name, value)
  testing.raises(exceptions.AttributeError, "attribute '" .. name .. "'", function() handler[name] = value end)
end

local path = folder .. "/f.log"
local file = logging.FileHandler(path, "w", "ascii", true, "replace")
testing.equal(read(file, "baseFilename mode encoding delay errors terminator stream"),
  { path, "w", "ascii", true, "replace", "\n", "nil" })
cannot_set(file, "baseFilename", "x")
file.terminator = "|"
testing.equal(file.terminator, "|")

local rotating = handlers.RotatingFileHandler(path, "a", 10, 2, nil, true)
testing.equal(read(rotating, "maxBytes backupCount delay encoding errors namer rotator"),
  { 10, 2, true, "utf-8", "nil", "nil", "nil" })
rotating.maxBytes, rotating.backupCount = 20, 3
testing.equal(read(rotating, "maxBytes backupCount"), { 20, 3 })

local timed = handlers.TimedRotatingFileHandler {
  filename = folder .. "/t.log", when = "w6", interval = 2, backupCount = 4, utc = true, atTime = "03:30", delay = true,
}
testing.equal(read(timed, "when interval backupCount utc dayOfWeek suffix delay extMatch"),
  { "W6", 14 * 86400, 4, true, 6, "%Y-%m-%d", true, "^%d%d%d%d%-%d%d%-%d%d$" })
testing.equal(timed.atTime, { hour = 3, minute = 30, second = 0 })
assert(("2024-01-02"):match(timed.extMatch) and not ("2024-01-02.log"):match(timed.extMatch))
testing.equal(handlers.TimedRotatingFileHandler(folder .. "/t.log", timed.when, 1, 0, nil, true, false, timed.atTime).atTime,
  timed.atTime)
timed.interval = 7 * 86400
timed.rolloverAt = 1704252600.5
timed.suffix = "%Y%m%d.txt"
testing.equal(read(timed, "interval rolloverAt suffix extMatch"),
  { 7 * 86400, 1704252600, "%Y%m%d.txt", "^%d%d%d%d%d%d%d%d%.txt$" })
testing.equal(timed:computeRollover(1704252600), 1704598200)
local hourly = handlers.TimedRotatingFileHandler { filename = folder .. "/h.log", delay = true }
testing.equal(read(hourly, "when interval atTime dayOfWeek utc"), { "H", 3600, "nil", "nil", false })
hourly.interval = 90
testing.equal(hourly:computeRollover(1000), 1090)
testing.raises(exceptions.ValueError, "interval must be positive: 0", function() hourly.interval = 0 end)
testing.raises(exceptions.TypeError, "number", function() hourly.rolloverAt = 1 / 0 end)
cannot_set(timed, "when", "S")

local target = logging.NullHandler()
local memory = handlers.MemoryHandler(5)
testing.equal(read(memory, "capacity flushLevel target flushOnClose buffer"), { 5, 40, "nil", true, {} })
memory.capacity, memory.flushLevel, memory.target, memory.flushOnClose = 2, "INFO", target, false
testing.equal(read(memory, "capacity flushLevel target flushOnClose"), { 2, 20, target, false })

local q = queue.Queue()
local queued = handlers.QueueHandler(q)
testing.equal(read(queued, "queue listener"), { q, "nil" })
local listener = handlers.QueueListener(q, target)
testing.equal(read(listener, "queue handlers respect_handler_level"), { q, { target }, false })
listener.handlers, listener.respect_handler_level = {}, true
testing.equal(read(listener, "handlers respect_handler_level"), { {}, true })

local socket = handlers.SocketHandler("localhost", 9)
testing.equal(read(socket, "host port closeOnError retryStart retryMax retryFactor retryTime sock"),
  { "localhost", 9, false, 1.0, 30.0, 2.0, "nil", "nil" })
socket.closeOnError, socket.retryStart, socket.retryMax, socket.retryFactor = true, 2, 60, 3
testing.equal(read(socket, "closeOnError retryStart retryMax retryFactor"), { true, 2.0, 60.0, 3.0 })

local syslog = handlers.SysLogHandler { address = { "localhost", 5140 }, facility = "local0" }
testing.equal(read(syslog, "facility socktype unixsocket ident append_nul"), { 16, "udp", false, "", true })
testing.equal(syslog.address, { "localhost", 5140 })
syslog.ident, syslog.append_nul, syslog.facility = "app: ", false, "daemon"
testing.equal(read(syslog, "ident append_nul facility"), { "app: ", false, 3 })

local mail = handlers.SMTPHandler { mailhost = { "localhost", 2525 }, fromaddr = "a@example.org", toaddrs = "b@example.org", subject = "s", timeout = 2 }
testing.equal(read(mail, "mailhost mailport fromaddr toaddrs subject timeout"),
  { "localhost", 2525, "a@example.org", { "b@example.org" }, "s", 2.0 })
mail.subject, mail.fromaddr, mail.toaddrs = "other", "c@example.org", { "d@example.org", "e@example.org" }
testing.equal(read(mail, "subject fromaddr toaddrs"), { "other", "c@example.org", { "d@example.org", "e@example.org" } })
mail.toaddrs = "f@example.org"
testing.equal(mail.toaddrs, { "f@example.org" })
testing.raises(exceptions.ValueError, "toaddrs", function() mail.toaddrs = {} end)
testing.raises(exceptions.ValueError, "", function() mail.fromaddr = "a@example.org\r\nBcc: x@example.org" end)
testing.equal(mail.fromaddr, "c@example.org")

local web = handlers.HTTPHandler("localhost:1", "/log", "POST", false)
testing.equal(read(web, "host url method secure"), { "localhost:1", "/log", "POST", false })

-- Those of a subclass are the same, before and while it works; what is set there is for all interpreters.
local Own = handlers.RotatingFileHandler:subclass("Own")
local own = Own { filename = folder .. "/own.log", maxBytes = 5, backupCount = 1 }
own.backupCount = 2
local log = logging.Logger("own")
log:addHandler(own)
own.maxBytes = 6
testing.equal(read(own, "maxBytes backupCount delay mode terminator"), { 6, 2, false, "a", "\n" })
for i = 1, 3 do log:warning("%d", 1000 * i) end
testing.equal(testing.read(folder .. "/own.log.2"), "1000\n")

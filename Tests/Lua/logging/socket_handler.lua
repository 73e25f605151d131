-- SocketHandler and DatagramHandler: lines of JSON, formatters, Python's wire format, Unix sockets, subclasses.
local testing, receivers = require "testing", require "receivers"
local logging, handlers = require "logging", require "logging.handlers"
local folder = ...

local log = logging.getLogger("net.socket")
log.propagate = false
log:setLevel("DEBUG")

-- What arrives of what `write` logs through a handler.
local function received(kind, count, options, make, write)
  local receiver = receivers.start(kind, count, options)
  local handler = make(receiver)
  log:addHandler(handler)
  write(handler)
  handler:flush()
  log:removeHandler(handler)
  handler:close()
  handler:close()
  return receiver:results()
end

do -- a line of JSON for each record, whatever is in it
  local lines = received("lines", 3, nil, function(r) return handlers.SocketHandler("localhost", r.port) end, function()
    log:info("one %d", 1, { order = 7 })
    log:warning("two\nlines")
    log:error("föur")
  end)
  local first = receivers.json(lines[1])
  testing.equal({ first.level, first.logger, first.message, first.order }, { "INFO", "net.socket", "one 1", 7 })
  testing.equal(receivers.json(lines[2]).message, "two\nlines")
  testing.equal(receivers.json(lines[3]).message, "föur")
end

do -- a formatter's text stays on one line
  local lines = received("lines", 2, nil, function(r)
    local handler = handlers.SocketHandler("localhost", r.port)
    handler:setFormatter(logging.Formatter("%(levelname)s:%(message)s"))
    return handler
  end, function()
    log:info("a\nCRITICAL:forged\27[31m")
    log:info("b")
  end)
  testing.equal(lines, { "INFO:a\\nCRITICAL:forged\\u001b[31m", "INFO:b" })
end

do -- what Python's own receivers take
  local record = received("pickle", 1, nil, function(r)
    return handlers.SocketHandler { host = "localhost", port = r.port, format = "pickle" }
  end, function()
    log:error("%s is %d", "é", 5, { big = 1 << 40, half = 0.5, yes = true, list = { 1, "x" }, exc_info = "broken" })
  end)[1]
  testing.equal({ record.msg, record.name, record.levelno, record.levelname, record.big, record.half, record.yes, record.list },
    { "é is 5", "net.socket", 40, "ERROR", 1 << 40, 0.5, true, { 1, "x" } })
  testing.equal(record.args, nil)
  testing.contains(record.exc_text, "broken")
  testing.equal(record.filename, "socket_handler.lua")
  testing.contains(record.shown, "net.socket ERROR é is 5\n")
end

do -- a path in place of a host is a Unix socket
  local lines = received("unix", 1, { path = folder .. "/stream" }, function(r)
    local handler = handlers.SocketHandler(r.address, nil)
    testing.equal({ handler.host, handler.port, handler.closeOnError, handler.sock }, { r.address, nil, false, nil })
    return handler
  end, function(handler)
    log:info("there")
    handler:flush()
    testing.equal(handler.sock, true)
  end)
  testing.equal(receivers.json(lines[1]).message, "there")
  local texts = received("datagrams", 1, { path = folder .. "/datagrams" }, function(r)
    return handlers.DatagramHandler(r.address, nil)
  end, function() log:info("here") end)
  testing.equal(receivers.json(texts[1]).message, "here")
end

do -- one datagram for each record
  local texts = received("datagrams", 2, nil, function(r) return handlers.DatagramHandler("127.0.0.1", r.port) end, function()
    log:info("one")
    log:info("two")
  end)
  testing.equal({ receivers.json(texts[1]).message, receivers.json(texts[2]).message }, { "one", "two" })
end

do -- which may be Python's too
  local records = received("datagrams", 1, { pickle = 1 }, function(r)
    return handlers.DatagramHandler { host = "localhost", port = r.port, format = "pickle" }
  end, function() log:info("one %s", "way") end)
  testing.equal(records, { { length = true, msg = "one way" } })
end

do -- makePickle and send can be overridden, and called
  local Upper = handlers.SocketHandler:subclass("Upper")
  function Upper:init(...) Upper.super.init(self, ...) end
  function Upper:makePickle(record) return record:getMessage():upper() .. "\n" end
  local Twice = Upper:subclass("Twice")
  function Twice:send(bytes) Twice.super.send(self, bytes .. bytes) end
  testing.equal(received("lines", 1, nil, function(r) return Upper("localhost", r.port) end, function() log:info("loud") end),
    { "LOUD" })
  testing.equal(received("lines", 2, nil, function(r) return Twice("localhost", r.port) end, function() log:info("loud") end),
    { "LOUD", "LOUD" })
  local plain = handlers.SocketHandler { host = "localhost", port = 1 }
  local record = logging.makeLogRecord { name = "x", msg = "made" }
  testing.equal(receivers.json(plain:makePickle(record)).message, "made")
  plain:close()
end

do -- attributes as in Python
  local handler = handlers.SocketHandler("localhost", handlers.DEFAULT_TCP_LOGGING_PORT)
  testing.equal({ handler.port, handler.retryStart, handler.retryMax, handler.retryFactor }, { 9020, 1.0, 30.0, 2.0 })
  handler.retryStart, handler.retryMax, handler.retryFactor, handler.closeOnError = 2.5, 60, 3, true
  testing.equal({ handler.retryStart, handler.retryMax, handler.retryFactor, handler.closeOnError }, { 2.5, 60.0, 3.0, true })
  handler:close()
  testing.raises("known: json, pickle", handlers.SocketHandler, { host = "h", port = 1, format = "xml" })
  testing.raises("string expected, got n", handlers.SocketHandler)
end

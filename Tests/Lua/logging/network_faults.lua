-- Receivers that go away, come back, hang or die: nothing is doubled, nothing is lost that there was room to keep, no caller waits.
local testing, receivers = require "testing", require "receivers"
local logging, handlers = require "logging", require "logging.handlers"

local log = logging.getLogger("net.faults")
log.propagate = false
log:setLevel("DEBUG")

local function logged(handler, first, last)
  for i = first, last do log:info("%d", i) end
end

local function messages(lines)
  local result = {}
  for i, line in ipairs(lines) do result[i] = receivers.json(line).message end
  return result
end

do -- a TCP receiver that goes away and comes back
  local first = receivers.start("lines", 3)
  local handler = handlers.SocketHandler {
    host = "localhost", port = first.port, retry = { initial = 0.01, max = 0.05 }, async = { flush_interval = 0.01 },
  }
  log:addHandler(handler)
  logged(handler, 1, 3)
  testing.equal(messages(first:results()), { "1", "2", "3" })
  -- Nobody is there: these wait.
  logged(handler, 4, 60)
  local second = receivers.start("lines", 60, { port = first.port })
  logged(handler, 61, 63)
  local got = messages(second:results())
  local expected = {}
  for i = 4, 63 do expected[#expected + 1] = tostring(i) end
  testing.equal(got, expected)
  log:removeHandler(handler)
  handler:close()
end

do -- a mail server that accepts and never answers: records are kept up to the capacity, newer ones before older ones
  local server = receivers.start("broken", 1)
  local kept = handlers.MemoryHandler { capacity = 1000, flushLevel = 100 }
  local handler = handlers.SMTPHandler {
    mailhost = { "localhost", server.port }, fromaddr = "me@x", toaddrs = "you@x", subject = "s", timeout = 0.2,
    async = { capacity = 10 }, retry = { attempts = 2, initial = 0.01 }, fallback = kept,
  }
  log:addHandler(handler)
  logged(handler, 1, 5)
  server:results()
  -- What nobody takes goes to the fallback once, in order.
  handler:flush()
  local texts = {}
  for i, record in ipairs(kept.buffer) do texts[i] = record:getMessage() end
  testing.equal(texts, { "1", "2", "3", "4", "5" })
  log:removeHandler(handler)
  handler:close()
end

do -- one that dies in the middle of a mail: the mail is sent again to the one that comes after it
  local server = receivers.start("broken", 1, { half = 1 })
  local kept = handlers.MemoryHandler { capacity = 1000, flushLevel = 100 }
  local handler = handlers.SMTPHandler {
    mailhost = { "localhost", server.port }, fromaddr = "me@x", toaddrs = "you@x", subject = "s",
    retry = { attempts = 3, initial = 0.01 }, fallback = kept,
  }
  log:addHandler(handler)
  logged(handler, 1, 2)
  testing.equal(server:results()[1], "died")
  handler:flush()
  local texts = {}
  for i, record in ipairs(kept.buffer) do texts[i] = record:getMessage() end
  testing.equal(texts, { "1", "2" })
  log:removeHandler(handler)
  handler:close()
end

do -- answers of a web server: later means later, no means no
  local server = receivers.start("http", 4, { status = "503,429,200,404" })
  local kept = handlers.MemoryHandler { capacity = 1000, flushLevel = 100 }
  local handler = handlers.HTTPHandler {
    host = "localhost:" .. server.port, url = "/", method = "POST", retry = { initial = 0.01 }, fallback = kept,
  }
  log:addHandler(handler)
  logged(handler, 1, 2)
  local requests = server:results()
  local seen = {}
  for i, request in ipairs(requests) do seen[i] = request.form.message .. " " .. request.status end
  testing.equal(seen, { "1 503", "1 429", "1 200", "2 404" })
  handler:flush()
  testing.equal(#kept.buffer, 1)
  testing.equal(kept.buffer[1]:getMessage(), "2")
  log:removeHandler(handler)
  handler:close()
end

do -- closing does not wait for a server that never answers longer than it is told to
  local server = receivers.start("broken", 2)
  local kept = handlers.MemoryHandler { capacity = 1000, flushLevel = 100 }
  local handler = handlers.HTTPHandler {
    host = "localhost:" .. server.port, url = "/", method = "POST", timeout = 3600, async = { timeout = 0.1 }, fallback = kept,
  }
  log:addHandler(handler)
  logged(handler, 1, 1)
  log:removeHandler(handler)
  handler:close()
  server:stop()
end

do -- without a queue, Python's back-off: attempts are rare, and nobody is told of what is dropped between them
  local gone = receivers.start("lines", 0)
  gone:results()
  local handler = handlers.SocketHandler { host = "localhost", port = gone.port, async = false }
  handler.retryStart = 3600
  logging.raiseExceptions = false
  log:addHandler(handler)
  testing.equal(handler.retryTime, nil)
  log:info("an attempt")
  local time = handler.retryTime
  testing.equal(time > os.time() + 3000, true)
  log:info("none")
  testing.equal(handler.retryTime, time)
  testing.equal({ handler:stats().failed, handler:stats().delivered }, { 2, 0 })
  log:removeHandler(handler)
  handler:close()
  logging.raiseExceptions = true
end

-- What CPython's own tests do with these handlers, in their order.
local testing, receivers = require "testing", require "receivers"
local logging, handlers = require "logging", require "logging.handlers"

local root = logging.getLogger("suite")
root.propagate = false
root:setLevel("DEBUG")

do -- a handler that was closed opens its socket again for what comes later
  local receiver = receivers.start("datagrams", 2)
  local handler = handlers.SysLogHandler { "localhost", receiver.port }
  root:addHandler(handler)
  root:error("spâm")
  handler:close()
  root:error("spâm")
  root:removeHandler(handler)
  handler:close()
  testing.equal(receiver:results(), { "<11>spâm\0", "<11>spâm\0" })
  receiver = receivers.start("lines", 2)
  handler = handlers.SocketHandler("localhost", receiver.port)
  root:addHandler(handler)
  root:error("one")
  handler:close()
  root:error("two")
  root:removeHandler(handler)
  handler:close()
  -- Two connections, which the receiver reads side by side.
  local messages = {}
  for i, line in ipairs(receiver:results()) do messages[i] = receivers.json(line).message end
  table.sort(messages)
  testing.equal(messages, { "one", "two" })
end

do -- SMTPHandlerTest.test_basic
  local server = receivers.start("smtp", 1)
  local h = handlers.SMTPHandler({ "localhost", server.port }, "me", "you", "Log", nil, nil, 5)
  testing.equal(h.toaddrs, { "you" })
  local r = logging.makeLogRecord { msg = "Hello ✓" }
  h:handle(r)
  h:flush()
  h:close()
  local mail = server:results()[1]
  testing.equal({ mail.from, mail.to }, { "me", { "you" } })
  testing.contains(mail.raw:gsub("\r\n", "\n"), "\nSubject: Log\n")
  testing.equal(mail.raw:gsub("\r\n", "\n"):match("\n\n(.-)%s*$"), "Hello ✓")
end

do -- HTTPHandlerTest.test_output, in the clear
  for _, method in ipairs { "GET", "POST" } do
    local server = receivers.start("http", 1)
    local h = handlers.HTTPHandler("localhost:" .. server.port, "/frob", nil, nil, { "foo", "bar" })
    h:close()
    local log_message = "sp\u{e4}m"
    h = handlers.HTTPHandler { host = "localhost:" .. server.port, url = "/frob", method = method, credentials = { "foo", "bar" } }
    root:addHandler(h)
    root:error(log_message)
    h:flush()
    root:removeHandler(h)
    h:close()
    local request = server:results()[1]
    testing.equal({ request.path, request.form.name, request.form.funcName, request.form.msg },
      { "/frob", "suite", "<module>", log_message })
  end
end

do -- DatagramHandlerTest.test_output, with Python's own format on request
  local receiver = receivers.start("datagrams", 2)
  local h = handlers.DatagramHandler { host = "localhost", port = receiver.port, format = "json" }
  root:addHandler(h)
  root:error("spam")
  root:error("eggs")
  h:flush()
  root:removeHandler(h)
  h:close()
  local texts = receiver:results()
  testing.equal({ receivers.json(texts[1]).message, receivers.json(texts[2]).message }, { "spam", "eggs" })
end

do -- SocketHandlerTest.test_noserver: nobody is disturbed, and there is a time for the next attempt
  local gone = receivers.start("pickle", 0)
  gone:results()
  local h = handlers.SocketHandler { host = "localhost", port = gone.port, format = "pickle", async = false }
  h.closeOnError = true
  h.retryStart = 2.5
  root:addHandler(h)
  root:exception("Never sent")
  root:error("Never sent, either")
  testing.equal(h.retryTime > os.time(), true)
  root:removeHandler(h)
  h:close()
end

do -- a list that has the arguments by position is no table of names
  local h = handlers.SysLogHandler({ "localhost", 514 }, handlers.SysLogHandler.LOG_LOCAL0, "udp")
  testing.equal({ h.address, h.facility, h.socktype }, { { "localhost", 514 }, 16, "udp" })
  h:close()
end

-- HTTPHandler: forms as Python sends them, JSON, TLS with an authority of one's own, authentication, subclasses.
local testing, receivers = require "testing", require "receivers"
local logging, handlers = require "logging", require "logging.handlers"
local exceptions = require "exceptions"
local folder = ...

local log = logging.getLogger("net.http")
log.propagate = false
log:setLevel("DEBUG")

local function received(count, options, make, write)
  local receiver = receivers.start("http", count, options)
  local handler = make("localhost:" .. receiver.port)
  log:addHandler(handler)
  write(handler)
  handler:flush()
  log:removeHandler(handler)
  handler:close()
  return receiver:results()
end

do -- Python's form, by GET and POST
  for _, method in ipairs { "GET", "POST" } do
    local request = received(1, nil, function(host) return handlers.HTTPHandler(host, "/frob", method) end,
      function() log:info("some %s & more", "héat", { order = 7 }) end)[1]
    testing.equal({ request.method, request.path }, { method, "/frob" })
    local form = request.form
    testing.equal({ form.name, form.funcName, form.msg, form.args, form.message, form.levelname, form.levelno, form.order, form.exc_info },
      { "net.http", "write", "some %s & more", "('héat',)", "some héat & more", "INFO", "20", "7", "None" })
    testing.equal(form.filename, "http_handler.lua")
  end
  local request = received(1, nil, function(host) return handlers.HTTPHandler(host, "/frob?key=1") end,
    function() log:info("x") end)[1]
  testing.equal({ request.form.key, request.form.msg }, { "1", "x" })
end

do -- JSON, one connection for all
  local requests = received(3, nil, function(host)
    return handlers.HTTPHandler { host = host, url = "/in", method = "POST", format = "json", headers = { ["X-Key"] = "k" } }
  end, function(handler)
    for i = 1, 3 do
      log:info("n %d", i, { i = i })
      handler:flush()
    end
  end)
  for i, request in ipairs(requests) do
    local body = receivers.json(request.body)
    testing.equal({ body.message, body.i, body.logger }, { "n " .. i, i, "net.http" })
    testing.equal({ request.headers["content-type"], request.headers["x-key"] }, { "application/json", "k" })
    testing.equal(request.connection, requests[1].connection)
  end
end

do -- names, passwords, tokens
  local function header(credentials)
    return received(1, nil, function(host)
      return handlers.HTTPHandler { host = host, url = "/", method = "POST", credentials = credentials }
    end, function() log:info("x") end)[1].headers.authorization
  end
  testing.equal(header { "user", "pass" }, "Basic dXNlcjpwYXNz")
  testing.equal(header { username = "user", password = "pass" }, "Basic dXNlcjpwYXNz")
  testing.equal(header { bearer = "abc" }, "Bearer abc")
end

do -- TLS: an authority of one's own is believed in, an unknown one is not
  local cert, key = receivers.certificate(folder)
  local receiver = receivers.start("http", 1, { cert = cert, key = key })
  local host = "localhost:" .. receiver.port
  local record = logging.makeLogRecord { name = "x", msg = "secret" }
  local unknown = handlers.HTTPHandler { host = host, url = "/", method = "POST", secure = true, async = false }
  logging.raiseExceptions = false
  unknown:handle(record)
  unknown:close()
  logging.raiseExceptions = true
  local trusting = handlers.HTTPHandler { host = host, url = "/", method = "POST", secure = true, context = { cafile = cert } }
  record.msg = "for you alone"
  trusting:handle(record)
  trusting:flush()
  trusting:close()
  local results = receiver:results()
  testing.equal(#results, 1)
  testing.equal(results[1].form.msg, "for you alone")
end

do -- what to send can be said by a subclass
  local Small = handlers.HTTPHandler:subclass("Small")
  function Small:mapLogRecord(record) return { text = record:getMessage(), level = record.levelno } end
  local request = received(1, nil, function(host) return Small(host, "/", "POST") end, function() log:info("a b") end)[1]
  testing.equal(request.body, "level=20&text=a+b")
  local all = handlers.HTTPHandler("localhost", "/"):mapLogRecord(logging.makeLogRecord { msg = "x", order = 7 })
  testing.equal({ all.msg, all.order }, { "x", 7 })
end

do -- mistakes in Python's words
  testing.raises(exceptions.ValueError, "method must be GET or POST", handlers.HTTPHandler, "localhost", "/log", "PUT")
  testing.raises(exceptions.ValueError, "context parameter only makes sense with secure=True", handlers.HTTPHandler,
    { host = "localhost", url = "/", context = {} })
  testing.raises("records_per_request", handlers.HTTPHandler, { host = "h", url = "/", records_per_request = 2 })
  testing.raises("control characters", handlers.HTTPHandler, { host = "h", url = "/", headers = { A = "x\r\nB: y" } })
  testing.raises("context.cafil", handlers.HTTPHandler, { host = "h", url = "/", secure = true, context = { cafil = "x" } })
  testing.raises("credentials", handlers.HTTPHandler, { host = "h", url = "/", credentials = "secret" })
end

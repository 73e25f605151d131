-- OTLPHandler, as OpenTelemetry's own message classes read what it sends.
local testing, receivers = require "testing", require "receivers"
local logging, handlers = require "logging", require "logging.handlers"

local log = logging.getLogger("shop.orders")
log.propagate = false
log:setLevel("DEBUG")

local function received(make, write)
  local receiver = receivers.start("otlp", 1)
  local handler = make("http://localhost:" .. receiver.port .. "/v1/logs")
  log:addHandler(handler)
  write()
  handler:flush()
  log:removeHandler(handler)
  handler:close()
  return receiver:results()[1]
end

local trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
local request = received(function(endpoint)
  return handlers.OTLPHandler { endpoint = endpoint, resource = { ["service.name"] = "shop", replica = 3 }, headers = { ["X-Tenant"] = "a" } }
end, function()
  log:error("paid %d", 5, {
    order = 7, ratio = 0.5, big = math.maxinteger, yes = true, tags = { "a", "b" }, customer = { name = "Zoë" },
    trace_id = trace, span_id = span, trace_flags = 1, exc_info = "it broke",
  })
end)

testing.equal({ request.method, request.path, request.headers["content-type"], request.headers["x-tenant"] },
  { "POST", "/v1/logs", "application/json", "a" })
local record = request.otlp[1]
testing.equal(record.resource, { ["service.name"] = "shop", replica = 3 })
testing.equal({ record.scope, record.body, record.severity, record.severity_text, record.flags },
  { "shop.orders", "paid 5", 17, "ERROR", 1 })
testing.equal({ record.trace, record.span }, { trace, span })
local attributes = record.attributes
testing.equal({ attributes.order, attributes.ratio, attributes.yes, attributes.tags, attributes.customer },
  { 7, 0.5, true, { "a", "b" }, { name = "Zoë" } })
testing.equal(attributes.big, math.maxinteger)
testing.equal({ attributes.trace_id, attributes.span_id }, {})
testing.contains(attributes["exception.stacktrace"], "it broke")
testing.contains(attributes["code.file.path"], "otlp_handler.lua")
testing.equal(type(attributes["thread.name"]), "string")
testing.equal(math.abs(record.time // 1000000000 - os.time()) < 60, true)

-- The service is the program unless it is named; a formatter makes the body.
request = received(function(endpoint)
  local handler = handlers.OTLPHandler(endpoint)
  handler:setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
  return handler
end, function() log:debug("x") end)
testing.equal({ request.otlp[1].body, request.otlp[1].severity }, { "DEBUG: x", 5 })
testing.equal(type(request.otlp[1].resource["service.name"]), "string")

testing.equal(handlers.OTLPHandler().endpoint, "http://localhost:4318/v1/logs")
testing.raises("endpoint", handlers.OTLPHandler, { endpoint = "localhost:4318" })

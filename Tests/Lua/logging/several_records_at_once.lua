-- Several records in one mail or request, if that is asked for.
local testing, receivers = require "testing", require "receivers"
local logging, handlers = require "logging", require "logging.handlers"

local log = logging.getLogger("net.batches")
log.propagate = false
log:setLevel("DEBUG")

-- Nothing goes out before all records are there.
local together = { flush_interval = 3600, flush_level = "CRITICAL" }

local function received(kind, make, write)
  local receiver = receivers.start(kind, 1)
  local handler = make(receiver.port)
  log:addHandler(handler)
  write()
  handler:flush()
  log:removeHandler(handler)
  handler:close()
  return receiver:results()
end

local function three()
  log:info("one")
  log:error("two\n2026-01-01 three", { exc_info = "why" })
  log:info("four")
end

do -- a mail
  local mails = received("smtp", function(port)
    return handlers.SMTPHandler {
      mailhost = { "localhost", port }, fromaddr = "me@x", toaddrs = "you@x", subject = "Log", records_per_mail = 10, async = together,
    }
  end, three)
  testing.equal(#mails, 1)
  testing.equal(mails[1].subject, "Log (and 2 more)")
  -- Only records begin at the margin: none can pass for another.
  local margin = {}
  for line in (mails[1].text:gsub("\r", "") .. "\n"):gmatch("([^\n]*)\n") do
    if line:find("^%S") then margin[#margin + 1] = line end
  end
  testing.equal(margin, { "one", "two", "four" })
  testing.contains(mails[1].text:gsub("\r", ""), "two\n    2026-01-01 three\n    ")
end

do -- requests: an array of JSON, lines of JSON, OTLP
  local function bodies(format)
    local requests = received("http", function(port)
      return handlers.HTTPHandler {
        host = "localhost:" .. port, url = "/", method = "POST", format = format, records_per_request = 10, async = together,
      }
    end, three)
    testing.equal(#requests, 1)
    return requests[1].body
  end
  local array = receivers.json(bodies("json"))
  testing.equal({ #array, array[1].message, array[2].message, array[3].message }, { 3, "one", "two\n2026-01-01 three", "four" })
  local lines = {}
  for line in bodies("ndjson"):gmatch("([^\n]*)\n") do lines[#lines + 1] = receivers.json(line).message end
  testing.equal(lines, { "one", "two\n2026-01-01 three", "four" })

  local requests = received("otlp", function(port)
    return handlers.OTLPHandler { endpoint = "http://localhost:" .. port .. "/v1/logs", async = together }
  end, function()
    log:info("one")
    logging.getLogger("net.batches.other"):info("two")
    log:info("three")
  end)
  testing.equal(#requests, 1)
  local seen = {}
  for i, record in ipairs(requests[1].otlp) do seen[i] = record.scope .. " " .. record.body end
  testing.equal(seen, { "net.batches one", "net.batches three", "net.batches.other two" })
end

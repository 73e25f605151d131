-- SysLogHandler: Python's format and names, the RFCs' formats and framings, escaping, subclasses.
local testing, receivers = require "testing", require "receivers"
local logging, handlers = require "logging", require "logging.handlers"
local exceptions = require "exceptions"
local folder = ...
local SysLogHandler = handlers.SysLogHandler

local log = logging.getLogger("net.syslog")
log.propagate = false
log:setLevel("DEBUG")

local function received(kind, count, options, make, write)
  local receiver = receivers.start(kind, count, options)
  local handler = make(receiver)
  log:addHandler(handler)
  write(handler)
  handler:flush()
  log:removeHandler(handler)
  handler:close()
  return receiver:results()
end

do -- Python's format, in Python's cases
  local function write(handler)
    log:error("spâm")
    handler.append_nul = false
    handler:flush()
    log:error("spâm")
    handler.ident = "h€m-"
    handler:flush()
    log:error("spâm")
  end
  local expected = { "<11>spâm\0", "<11>spâm", "<11>h€m-spâm" }
  testing.equal(received("datagrams", 3, nil, function(r) return SysLogHandler { address = { "localhost", r.port }, async = false } end,
    write), expected)
  testing.equal(received("datagrams", 3, { v6 = 1 }, function(r) return SysLogHandler { address = { "::1", r.port }, async = false } end,
    write), expected)
  testing.equal(received("datagrams", 3, { path = folder .. "/log" }, function(r)
    return SysLogHandler { address = r.address, async = false }
  end, write), expected)
end

do -- every level, the facility by number or name
  local function priorities(facility)
    return received("datagrams", 5, nil, function(r) return SysLogHandler({ "localhost", r.port }, facility) end, function()
      for _, level in ipairs { "debug", "info", "warning", "error", "critical" } do log[level](log, level) end
    end)
  end
  local expected = { "<159>debug\0", "<158>info\0", "<156>warning\0", "<155>error\0", "<154>critical\0" }
  testing.equal(priorities(SysLogHandler.LOG_LOCAL3), expected)
  testing.equal(priorities("local3"), expected)
end

do -- names and numbers
  local handler = SysLogHandler()
  testing.equal(handler.address, { "localhost", handlers.SYSLOG_UDP_PORT })
  testing.equal({ handler.facility, handler.unixsocket, handler.ident, handler.append_nul }, { 1, false, "", true })
  testing.equal(handler:encodePriority("local0", "err"), 16 * 8 + 3)
  testing.equal(handler:encodePriority(SysLogHandler.LOG_DAEMON, SysLogHandler.LOG_ALERT), 25)
  testing.equal(handler:encodePriority { facility = "user", priority = "debug" }, 15)
  testing.equal({ handler:mapPriority("CRITICAL"), handler:mapPriority("NOTICE") }, { "critical", "warning" })
  testing.raises(exceptions.KeyError, "loudly", handler.encodePriority, handler, "user", "loudly")
  testing.equal({ SysLogHandler.priority_names.panic, SysLogHandler.facility_names.authpriv, SysLogHandler.priority_map.INFO },
    { 0, 10, "info" })
  handler:close()
  testing.raises("facility", SysLogHandler, { facility = "loca1" })
  testing.raises("socktype", SysLogHandler, { socktype = "sctp" })
  testing.raises("known: python, rfc3164, rfc5424", SysLogHandler, { format = "rfc" })
  testing.raises("known: octet, newline", SysLogHandler, { framing = "lines" })
end

do -- RFC 5424, with its own counting of bytes over TCP
  local message = received("octets", 1, nil, function(r)
    return SysLogHandler {
      address = { "localhost", r.port }, socktype = "tcp", format = "rfc5424", app_name = "my app", hostname = "box",
      facility = "local0",
    }
  end, function() log:info("päid\n<0>forged", { order = 7, ["odd name]"] = 'a"b\\c]d\n', list = { 1, 2 } }) end)[1]
  local time, rest = message:match("^<134>1 (%S+) box (.*)$")
  testing.equal(time:match("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%d%d%d%d[Z+-]") ~= nil, true)
  testing.equal((rest:gsub("my_app %d+", "my_app PID")),
    [==[my_app PID net.syslog [fields@32473 list="[1,2\]" odd_name_="a\"b\\c\]d\\n" order="7"] päid\n<0>forged]==])
  -- No fields, no element.
  message = received("octets", 1, nil, function(r)
    return SysLogHandler { address = { "localhost", r.port }, socktype = "tcp", format = "rfc5424" }
  end, function() log:info("plain") end)[1]
  testing.equal(message:match("net.syslog (.*)$"), "- plain")
end

do -- RFC 3164, a line each
  local messages = received("lines", 2, nil, function(r)
    return SysLogHandler {
      address = { "localhost", r.port }, socktype = "tcp", format = "rfc3164", framing = "newline", app_name = "app",
      hostname = "box",
    }
  end, function()
    log:info("one\r\ntwo")
    log:info("three")
  end)
  for i, text in ipairs { "one\\r\\ntwo", "three" } do
    testing.equal((messages[i]:gsub("%a%a%a [ %d]%d %d%d:%d%d:%d%d", "TIME"):gsub("%[%d+%]", "[PID]")), "<14>TIME box app[PID]: " .. text)
  end
end

do -- a path finds out what listens there
  local lines = received("unix", 1, { path = folder .. "/stream" }, function(r)
    return SysLogHandler { address = r.address, framing = "newline" }
  end, function() log:info("by stream") end)
  testing.equal(lines, { "<14>by stream" })
end

do -- levels of a script's own
  local Mine = SysLogHandler:subclass("Mine")
  function Mine:mapPriority(name) return name == "NOTICE" and "notice" or Mine.super.mapPriority(self, name) end
  logging.addLevelName(25, "NOTICE")
  testing.equal(received("datagrams", 2, nil, function(r) return Mine({ "localhost", r.port }) end, function()
    log:log(25, "seen")
    log:info("usual")
  end), { "<13>seen\0", "<14>usual\0" })
end

do -- or by a table of their own, as in Python
  local Mapped = SysLogHandler:subclass("Mapped")
  Mapped.priority_map = { NOTICE = "notice", INFO = "debug" }
  testing.equal(received("datagrams", 3, nil, function(r) return Mapped({ "localhost", r.port }) end, function()
    log:log(25, "seen")
    log:info("low")
    log:error("not in it")
  end), { "<13>seen\0", "<15>low\0", "<12>not in it\0" })
end

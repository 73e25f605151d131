-- A real rsyslogd takes what SysLogHandler sends, by UDP, TCP with octet counting, and a Unix socket; fields of RFC 5424 included.
local testing, receivers = require "testing", require "receivers"
local logging, handlers = require "logging", require "logging.handlers"
local folder = ...

local server <close> = receivers.rsyslog(folder)
local log = logging.getLogger("net.rsyslog")
log.propagate = false
log:setLevel("DEBUG")

local function send(arguments, ...)
  arguments.hostname, arguments.app_name = "box", "app"
  local handler = handlers.SysLogHandler(arguments)
  log:addHandler(handler)
  for _, message in ipairs { ... } do log:error(message, { order = 7, quote = 'a"]b' }) end
  handler:flush()
  log:removeHandler(handler)
  handler:close()
end

local tcp, udp = { "127.0.0.1", server.tcp }, { "127.0.0.1", server.udp }
send({ address = tcp, socktype = "tcp", format = "rfc5424", facility = "local0" }, "by tcp ✓", "second\n<0>forged")
send({ address = tcp, socktype = "tcp", format = "rfc3164", facility = "local1" }, "old by tcp")
send({ address = tcp, socktype = "tcp", format = "rfc3164", framing = "newline", facility = "local1" }, "old by lines")
send({ address = udp, format = "rfc5424", facility = "local2" }, "by udp")
send({ address = udp, facility = "local3", ident = "app: " }, "as Python by udp")
send({ address = server.path, facility = "local4", ident = "app: " }, "as Python by path")

-- severity|facility|program|structured data|message, in any order: the ways are not one.
local function contains(line)
  for _, seen in ipairs(server:lines(7)) do if seen == line then return end end
  error("rsyslog did not write: " .. line .. "\nbut:\n" .. table.concat(server:lines(7), "\n"), 2)
end
local fields = [==[[fields@32473 order="7" quote="a\"\]b"]]==]
contains("err|local0|app|" .. fields .. "|by tcp ✓")
contains("err|local0|app|" .. fields .. "|second\\n<0>forged")
contains("err|local1|app|-|old by tcp")
contains("err|local1|app|-|old by lines")
contains("err|local2|app|" .. fields .. "|by udp")
contains("err|local3|app|-|as Python by udp")
contains("err|local4|app|-|as Python by path")

-- Network handlers in configurations: the same arguments as in scripts, and mistakes that name their place.
local testing, receivers = require "testing", require "receivers"
local logging, handlers = require "logging", require "logging.handlers"
local config = require "logging.config"

local web, syslog, lines = receivers.start("http", 1), receivers.start("datagrams", 1), receivers.start("lines", 1)
local collector, mail = receivers.start("otlp", 1), receivers.start("smtp", 1)
config.dictConfig {
  version = 1,
  formatters = { short = { format = "%(levelname)s %(message)s" } },
  handlers = {
    web = { class = "logging.handlers.HTTPHandler", host = "localhost:" .. web.port, url = "/in", method = "POST", format = "json" },
    syslog = {
      class = "logging.handlers.SysLogHandler", address = { "localhost", syslog.port }, facility = "daemon", formatter = "short",
      ["."] = { ident = "app: ", append_nul = false },
    },
    lines = { class = "logging.handlers.SocketHandler", host = "localhost", port = lines.port, async = false, ["."] = { retryStart = 2 } },
    collector = { class = "logging.handlers.OTLPHandler", endpoint = "http://localhost:" .. collector.port .. "/v1/logs" },
    mail = {
      class = "logging.handlers.SMTPHandler", mailhost = { "localhost", mail.port }, fromaddr = "me@x", toaddrs = { "you@x" },
      subject = "Log", level = "ERROR", fallback = "web",
    },
  },
  root = { level = "DEBUG", handlers = { "web", "syslog", "lines", "collector", "mail" } },
}
testing.equal(logging.getHandlerByName("lines").retryStart, 2.0)
logging.error("configured")
for _, name in ipairs(logging.getHandlerNames()) do logging.getHandlerByName(name):flush() end
config.dictConfig { version = 1 }
logging.root.handlers = {}
testing.equal(receivers.json(web:results()[1].body).message, "configured")
testing.equal(syslog:results(), { "<27>app: ERROR configured" })
testing.equal(receivers.json(lines:results()[1]).message, "configured")
testing.equal(collector:results()[1].otlp[1].body, "configured")
testing.contains(mail:results()[1].text, "configured")

local function refused(text, handler)
  testing.raises(text, config.dictConfig, { version = 1, handlers = { it = handler } })
end
refused('handlers.it: missing "host"', { class = "logging.handlers.SocketHandler" })
refused("handlers.it.port: expected an integer", { class = "logging.handlers.SocketHandler", host = "h", port = "9020" })
refused('handlers.it.hots: unknown key (did you mean "host"?)', { class = "logging.handlers.SocketHandler", hots = "h" })
refused("method must be GET or POST", { class = "logging.handlers.HTTPHandler", host = "h", url = "/", method = "PUT" })
refused("unknown syslog facility", { class = "logging.handlers.SysLogHandler", facility = "loca1" })
refused("no mail address", { class = "logging.handlers.SMTPHandler", mailhost = "h", fromaddr = "a b", toaddrs = "c", subject = "s" })
refused('did you mean "logging.handlers.OTLPHandler"?', { class = "logging.handlers.OTPLHandler" })

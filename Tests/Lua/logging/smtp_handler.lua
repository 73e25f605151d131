-- SMTPHandler against a real mail server: contents, STARTTLS and authentication, headers that cannot be forged, subclasses.
local testing, receivers = require "testing", require "receivers"
local logging, handlers = require "logging", require "logging.handlers"
local folder = ...

local log = logging.getLogger("net.mail")
log.propagate = false
log:setLevel("DEBUG")

local function received(count, options, make, write)
  local receiver = receivers.start("smtp", count, options)
  local handler = make(receiver.port)
  log:addHandler(handler)
  write(handler)
  handler:flush()
  log:removeHandler(handler)
  handler:close()
  return receiver:results()
end

do -- the mail that Python sends
  local mail = received(1, nil, function(port) return handlers.SMTPHandler({ "localhost", port }, "me", "you", "Log", nil, nil, 5.0) end,
    function() log:info("Hello ✓") end)[1]
  testing.equal({ mail.from, mail.to, mail.subject, mail.header_from, mail.header_to }, { "me", { "you" }, "Log", "me", "you" })
  testing.contains(mail.raw, "\nSubject: Log\r\n")
  testing.contains(mail.raw, "\r\n\r\nHello ✓")
  testing.equal(mail.text:gsub("%s+$", ""), "Hello ✓")
  testing.equal({ mail.tls, mail.user }, { false, nil })
end

do -- several recipients, names with addresses, dots and long lines, tracebacks
  local long = ("x"):rep(2000)
  local mails = received(2, nil, function(port)
    return handlers.SMTPHandler({ "localhost", port }, "Jürgen <me@example.org>", { "a@example.org", "B <b@example.org>" }, "s")
  end, function()
    log:error(".\n..dots", { exc_info = "why" })
    log:error(long)
  end)
  testing.equal({ mails[1].from, mails[1].to }, { "me@example.org", { "a@example.org", "b@example.org" } })
  testing.equal(mails[1].header_from, "Jürgen <me@example.org>")
  testing.contains(mails[1].text:gsub("\r\n", "\n"), ".\n..dots\n")
  testing.contains(mails[1].text, "why")
  testing.equal(mails[2].text, long)
end

do -- STARTTLS with an authority of one's own, and authentication
  local cert, key = receivers.certificate(folder)
  local options = { cert = cert, key = key, auth = 1 }
  local mail = received(1, options, function(port)
    return handlers.SMTPHandler {
      mailhost = { "localhost", port }, fromaddr = "me@x", toaddrs = "you@x", subject = "s", credentials = { "user", "secret" },
      secure = { cafile = cert },
    }
  end, function() log:info("private") end)[1]
  testing.equal({ mail.tls, mail.user, mail.text:gsub("%s+$", "") .. "" }, { true, "user", "private" })

  -- A server that cannot prove who it is, one that does not encrypt, and a wrong password get nothing.
  local function refused(receiver, arguments)
    arguments.mailhost, arguments.fromaddr, arguments.toaddrs, arguments.subject = { "localhost", receiver.port }, "me@x", "you@x", "s"
    arguments.async = false
    local handler = handlers.SMTPHandler(arguments)
    logging.raiseExceptions = false
    handler:handle(logging.makeLogRecord { msg = "secret" })
    logging.raiseExceptions = true
    handler:close()
  end
  local secured, plain = receivers.start("smtp", 1, options), receivers.start("smtp", 1)
  refused(secured, { secure = true, credentials = { "user", "secret" } })
  refused(secured, { secure = { cafile = cert }, credentials = { "user", "wrong" } })
  refused(plain, { secure = true })
  for receiver, arguments in pairs { [secured] = { secure = { cafile = cert }, credentials = { "user", "secret" } }, [plain] = {} } do
    arguments.mailhost, arguments.fromaddr, arguments.toaddrs, arguments.subject = { "localhost", receiver.port }, "me@x", "you@x", "s"
    local handler = handlers.SMTPHandler(arguments)
    handler:handle(logging.makeLogRecord { msg = "the only one" })
    handler:flush()
    handler:close()
    local mails = receiver:results()
    testing.equal(#mails, 1)
    testing.contains(mails[1].text, "the only one")
  end
end

do -- subjects: of a script's own, odd, long, hostile; no record is lost for one
  local Subject = handlers.SMTPHandler:subclass("Subject")
  function Subject:getSubject(record) return record.levelname .. ": " .. record:getMessage() end
  local texts = {
    "plain", "Übergröße ✓ 日本", "x\r\nBcc: evil@example.org\r\n\r\nbody", "=?utf-8?B?aGVsbG8=?=", ("word "):rep(60) .. "end",
    ("y"):rep(300), "tab\there\0zero",
  }
  local mails = received(#texts, nil, function(port) return Subject({ "localhost", port }, "me@x", "you@x", "unused") end, function()
    for _, text in ipairs(texts) do log:info(text) end
  end)
  local shown = {
    "plain", "Übergröße ✓ 日本", "x\\r\\nBcc: evil@example.org\\r\\n\\r\\nbody", "=?utf-8?B?aGVsbG8=?=", ("word "):rep(60) .. "end",
    ("y"):rep(300), "tab\\there\\u0000zero",
  }
  for i, mail in ipairs(mails) do
    testing.equal(mail.subject, "INFO: " .. shown[i])
    testing.equal(mail.names,
      { "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding" })
    for line in mail.raw:gmatch("[^\r\n]+") do testing.equal(#line < 999, true) end
  end
  -- Bare carriage returns and escape sequences do not reach the body either.
  testing.contains(mails[7].text, "tab\there\\u0000zero")
end

do -- what no mail can have is refused where it is written
  testing.raises("no mail address", handlers.SMTPHandler, "localhost", "me@x\r\nRCPT TO:<evil@x>", "you@x", "s")
  testing.raises("no mail address", handlers.SMTPHandler, "localhost", "me@x", { "you@x", "" }, "s")
  testing.raises("secure", handlers.SMTPHandler, "localhost", "me@x", "you@x", "s", nil, "ssl")
  testing.raises("timeout", handlers.SMTPHandler, "localhost", "me@x", "you@x", "s", nil, nil, -1)
end

-- Formats for machines and `single_line` formats write one line for each record, whatever is in it, and expand nothing in it.
local logging = require "logging"
local testing = require "testing"

local evil = "a\nb\r\27[31m\0c\u{2028}d\u{85}e\127"
local escaped = [[a\nb\r\u001b[31m\u0000c\u2028d\u0085e\u007f]]
local function record()
  return logging.makeLogRecord { name = "n", msg = evil, field = evil, exc_text = evil, stack_info = evil }
end
for name, formatter in pairs {
  json = logging.JSONFormatter(), logfmt = logging.LogfmtFormatter(),
  single = logging.Formatter { fmt = "%(message)s %(field)s", single_line = true },
} do
  local text = formatter:format(record())
  testing.equal(text:find("[%c]"), nil, name)
  testing.equal(text:find("\u{2028}", 1, true), nil, name)
  testing.equal(text:find("\u{85}", 1, true), nil, name)
  -- All four are there, as what they are.
  local _, count = text:gsub(escaped:gsub("%p", "%%%0"), "")
  testing.equal(count, 4, name)
end

-- Without `single_line` a record reads as Python writes it.
testing.equal(logging.Formatter():format(record()), table.concat({ evil, evil, evil }, "\n"))

-- Text that looks like a format is text.
local tricky = "%(name)s ${name} {name} $name %s %d"
local filled = logging.makeLogRecord { name = "n", msg = "%s", args = { tricky }, field = tricky }
testing.equal(logging.Formatter("%(message)s|%(field)s"):format(filled), tricky .. "|" .. tricky)
testing.equal(logging.Formatter { fmt = "{message}|{field}", style = "{" }:format(filled), tricky .. "|" .. tricky)
testing.equal(logging.Formatter { fmt = "${message}|${field}", style = "$" }:format(filled), tricky .. "|" .. tricky)

-- A handler that logs, to itself or by way of another, does not go on for ever.
local Echo = logging.Handler:subclass("Echo")
function Echo:emit()
  self.count = (self.count or 0) + 1
  require("logging").getLogger(self.to):error("echo")
end
local here, there = logging.getLogger("here"), logging.getLogger("there")
here.propagate, there.propagate = false, false
local first, second = Echo(), Echo()
first.to, second.to = "there", "here"
here:addHandler(first)
there:addHandler(second)
here:error("call")
testing.equal(first.count, 1)
testing.equal(second.count, 1)

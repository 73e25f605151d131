local testing = require "testing"
local logging = require "logging"

local records = { logging.makeLogRecord { msg = "one" }, logging.makeLogRecord { msg = "two" } }
local plain = logging.BufferingFormatter()
testing.equal(plain:format(records), "onetwo")
testing.equal(plain:format({}), "")
local Framed = logging.BufferingFormatter:subclass("Framed")
function Framed:formatHeader(records) return ("[%d]"):format(#records) end
function Framed:formatFooter(records) return "(" .. #records .. ")" end
testing.equal(Framed():format(records), "[2]onetwo(2)")
testing.equal(Framed(logging.Formatter("<%(message)s>")):format(records), "[2]<one><two>(2)")

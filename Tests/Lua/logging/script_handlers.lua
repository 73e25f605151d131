-- Handlers in Lua run in an interpreter of their own; the script reaches it through the object.
local logging = require "logging"
local log = logging.getLogger("h")
log.propagate = false
log:setLevel("DEBUG")

local Collecting = logging.Handler:subclass("Collecting")
function Collecting:init(prefix)
  Collecting.super.init(self)
  self.prefix = prefix
  self.lines = {}
end
function Collecting:emit(record)
  self.lines[#self.lines + 1] = self.prefix .. self:format(record)
end
function Collecting:take(n)
  return table.concat(self.lines, "|", 1, n), #self.lines
end
function Collecting:close()
  io.stderr:write("")
  self.closed = true
end

local handler = Collecting("> ")
handler:setFormatter(logging.Formatter("%(levelname)s:%(message)s"))
handler:setLevel(logging.INFO)
assert(handler.prefix == "> " and handler.level == 20)
log:addHandler(handler)
assert(log.handlers[1] == handler and Collecting:is(handler) and logging.Handler:is(handler))
log:debug("below")
log:info("one %d", 1)
log:error("two")
local text, count = handler:take(2)
assert(text == "> INFO:one 1|> ERROR:two" and count == 2, text)
assert(#handler.lines == 2 and handler.lines[2] == "> ERROR:two", "fields are read from the handler's interpreter")
handler.prefix = "# "
log:info("three")
assert(handler.lines[3] == "# INFO:three")
assert(handler.prefix == "# " and handler.nothing == nil)
handler:setLevel("CRITICAL")
log:info("below now")
assert(#handler.lines == 3)
handler:close()
assert(handler.closed == true)
log:removeHandler(handler)

-- Subclasses of our own handlers.
local Loud = logging.StreamHandler:subclass("Loud")
function Loud:format(record) return Loud.super.format(self, record):upper() .. "!" end
local loud = Loud()
loud:setFormatter(logging.Formatter("<%(message)s>"))
log:addHandler(loud)
log:info("hello")
log:removeHandler(loud)

local Counting = logging.StreamHandler:subclass("Counting")
function Counting:init(...)
  Counting.super.init(self, ...)
  self.count = 0
end
function Counting:emit(record)
  self.count = self.count + 1
  Counting.super.emit(self, record)
end
local counting = Counting(io.stdout)
log:addHandler(counting)
log:info("to standard output")
assert(counting.count == 1)
log:removeHandler(counting)

-- One without emit is Python's NotImplementedError, reported.
local plain = logging.Handler()
log:addHandler(plain)
log:info("nobody takes this")
log:removeHandler(plain)

-- A failing one is reported.
local Failing = logging.Handler:subclass("Failing")
function Failing:emit(record) local x = nil; return x.y end
local failing = Failing()
log:addHandler(failing)
log:info("lost")
log:removeHandler(failing)

-- ... unless it takes care of its failures itself.
function Failing:handleError(record) self.failed = record.message end
failing = Failing()
log:addHandler(failing)
log:info("taken care of")
assert(failing.failed == "taken care of")
log:removeHandler(failing)

-- One that logs does not see its own records and does not hang.
local Chatty = logging.Handler:subclass("Chatty")
function Chatty:init() self.n = 0 end
function Chatty:emit(record)
  self.n = self.n + 1
  require("logging").getLogger("h"):info("again")
end
local chatty = Chatty()
log:addHandler(chatty)
log:info("once")
assert(chatty.n == 1)

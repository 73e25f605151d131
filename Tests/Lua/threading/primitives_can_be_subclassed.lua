local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"

-- With an init of its own, fields, methods, overridden methods.
local Counted = threading.Semaphore:subclass("Counted")
function Counted:init(name, value)
  Counted.super.init(self, value)
  self.name, self.taken = name, 0
end
function Counted:acquire(...)
  self.taken = self.taken + 1
  return Counted.super.acquire(self, ...)
end
function Counted:describe() return self.name .. " " .. self.taken end

local c = Counted("db", 2)
assert(threading.Semaphore:is(c) and Counted:is(c) and c.class == Counted)
testing.equal({ c:acquire(), c:acquire(), c:acquire(false), c:describe() }, { true, true, false, "db 3" })
testing.contains(tostring(c), "<Counted at 0x")
testing.contains(tostring(c), "value=0>")
c:release()
do
  local held <close> = c:hold()
  testing.contains(tostring(c), "value=0>")
end

-- It crosses with class and fields; both sides have the same permits.
local t = threading.Thread {
  target = function(s)
    s:acquire()
    return s.class == Counted, s:describe(), s == c, s
  end,
  args = { c },
}
t:start()
local class, text, same, returned = t:result()
testing.equal({ class, text, same, returned == c }, { true, "db 4", true, true })
testing.contains(tostring(c), "value=0>")

-- Without an init; with one that forgets the parent's; with one that calls it by name.
local Gate = threading.Event:subclass("Gate")
function Gate:open() self:set() return self end
testing.equal(Gate():open():is_set(), true)
local Forgetful = threading.BoundedSemaphore:subclass("Forgetful")
function Forgetful:init(label) self.label = label end
local f = Forgetful("here")
testing.equal({ f.label, tostring(f):match("value=(.*)>") }, { "here", "1/1" })
local Rendezvous = threading.Barrier:subclass("Rendezvous")
function Rendezvous:init(n) Rendezvous.super.init(self, { parties = n, timeout = 60 }) end
testing.equal({ Rendezvous(1):wait(), Rendezvous(7).parties }, { 0, 7 })
local Mailbox = threading.Condition:subclass("Mailbox")
function Mailbox:init(lock)
  Mailbox.super.init(self, lock)
  self.items = {}
end
local lock = threading.Lock()
local box = Mailbox(lock)
do
  local held <close> = box:hold()
  testing.equal({ lock:locked(), box:wait_for(function() return #box.items == 0 end) }, { true, true })
end

-- What goes wrong says what.
local Nameless = threading.Barrier:subclass("Nameless")
function Nameless:init() end
testing.raises(exceptions.TypeError, "parties: number expected, got nil", Nameless)
testing.raises(exceptions.TypeError, "(known: value)", threading.Semaphore:subclass("S"), { values = 1 })
testing.raises(exceptions.ValueError, "semaphore initial value must be >= 0", Counted, "db", -1)
local Early = threading.Semaphore:subclass("Early")
function Early:init() self:acquire() end
testing.raises(exceptions.TypeError, "Semaphore expected, got Early", Early)
testing.raises(exceptions.RuntimeError, "has been called before", threading.Event.init, threading.Event())
testing.raises(exceptions.TypeError, "Event expected, got table", threading.Event.init, {})

-- Plain ones take attributes, too, as Python's do; locks do not, and cannot be subclassed.
local event = threading.Event()
event.name = "named"
testing.equal(event.name, "named")
testing.raises(exceptions.AttributeError, "no attribute 'name' to set in 'Lock' objects", function()
  threading.Lock().name = "x"
end)
for _, name in ipairs { "Lock", "RLock" } do
  testing.raises(exceptions.TypeError, "type 'threading." .. name .. "' is not an acceptable base type",
    threading[name].subclass, threading[name], "Mine")
end

local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local q = Queue()
local inner = Queue()
q:put { inner, nested = { event = threading.Event() } }
local copy = q:get()
assert(copy[1] == inner, "the same object, and the same userdata")

-- Both sides have the same lock.
local lock = threading.Lock()
lock:acquire()
local t = threading.Thread { target = function() return lock:acquire(false), lock:locked() end }
t:start()
testing.equal({ t:result() }, { false, true })
lock:release()

-- A queue inside itself.
inner:put(inner)
assert(inner:get() == inner)

-- A thread object in another thread.
local other = threading.Thread { target = function() return "other" end }
other:start()
local waiter = threading.Thread { target = function(t) return t:result() end, args = { other } }
waiter:start()
testing.equal(waiter:result(), "other")

-- Two references in one message are one object, beside the one that the other side has already.
local event = threading.Event()
local both = threading.Thread {
  target = function(a, list, outbox)
    outbox:put(a)
    return rawequal(a, list[1]) and rawequal(a, list.again) and rawequal(a, event) and rawequal(a, outbox:get())
  end,
  args = { event, { event, again = event }, Queue() },
}
both:start()
testing.equal(both:result(), true)

-- Fields that scripts set on an object come along; those that the receiver has besides stay.
local Task = threading.Thread:subclass("Task")
function Task:run() end
local task = Task()
task.own = "mine"
q:put(task)
task.later = "later"
local same = q:get()
assert(rawequal(same, task))
testing.equal({ task.own, task.later }, { "mine", "later" })
local finished = Queue()
local Sender = threading.Thread:subclass("Sender")
function Sender:run() self.answer = 42 finished:put(self) end
local sender = Sender()
sender:start()
testing.equal({ rawequal(finished:get(), sender), sender.answer }, { true, 42 })
sender:join()

-- Loggers, handlers, archives for reading, compiled formats.
local logging, struct, zipfile = require "logging", require "struct", require "zipfile"
local logger, handler, format = logging.getLogger("a.b"), logging.NullHandler(), struct.Struct("<H")
q:put { logger, handler, format }
local objects = q:get()
assert(rawequal(objects[1], logger) and rawequal(objects[2], handler) and rawequal(objects[3], format))
local path = os.tmpname()
local archive = zipfile.ZipFile(path, "w")
archive:writestr("member", "content")
archive:close()
local reading = zipfile.ZipFile(path)
local reader = threading.Thread { target = function(z, info) return z:read(info) end, args = { reading, reading:getinfo("member") } }
reader:start()
testing.equal(reader:result(), "content")
reading:close()
os.remove(path)

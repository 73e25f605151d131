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

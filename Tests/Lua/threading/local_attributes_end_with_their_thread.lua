local testing = require "testing"
local threading = require "threading"
local weakref = require "weakref"

-- Those of a thread that has ended are gone; seen from here: what its attributes hold is let go of.
local here = threading.Local()
for _ = 1, 50 do
  local t = threading.Thread {
    target = function()
      here.lock = threading.Lock()
      here.lock:hold()
    end,
  }
  t:start()
  t:join()
end
testing.equal(here.lock, nil)

-- A local in its own attributes is garbage as anything else.
local object = {}
object.loc = threading.Local()
object.loc.back = object
object.loc.itself = object.loc
local ref = weakref.ref(object)
object = nil
collectgarbage()
collectgarbage()
testing.equal(ref(), nil)
local one = threading.Local()
ref = weakref.ref(one)
one = nil
collectgarbage()
testing.equal(ref(), nil)

-- A new one has none of an old one's attributes.
for _ = 1, 100 do
  local fresh = threading.Local()
  testing.equal(next(fresh.__dict__), nil)
  fresh.foo = "bar"
  fresh = nil
  collectgarbage("step")
end

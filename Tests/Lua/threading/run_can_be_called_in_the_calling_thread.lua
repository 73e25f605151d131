local testing = require "testing"
local threading = require "threading"
local AttributeError = require "exceptions".AttributeError

local calls = {}
local t = threading.Thread {
  target = function(...) calls[#calls + 1] = { ... } return "a", "b" end,
  args = { 1, 2 },
  kwargs = { last = true },
}
testing.equal({ t:run() }, { "a", "b" })
testing.equal(calls, { { 1, 2, { last = true } } })
testing.equal({ t.state, t:is_alive() }, { "initial", false })
-- It lets go of target and arguments; there is nothing left to run.
testing.raises(AttributeError, "'Thread' object has no attribute '_target'", t.run, t)
threading.excepthook = function() end
t:start()
testing.raises(AttributeError, "has no attribute '_target'", t.result, t)
testing.equal(#calls, 1)

local nothing = threading.Thread()
testing.equal(select("#", nothing:run()), 0)
local callable = threading.Thread { target = setmetatable({}, { __call = function(_, x) return x end }), args = { "called" } }
testing.equal(callable:run(), "called")

-- Arguments are let go of when they are on their way, so that they are garbage when nobody else has them.
local weakref = require "weakref"
local object = { "big" }
local ref = weakref.ref(object)
local holder = threading.Thread { target = function() end, args = { object }, kwargs = { object = object } }
object = nil
collectgarbage()
assert(ref())
holder:start()
collectgarbage()
testing.equal(ref(), nil)
holder:join()

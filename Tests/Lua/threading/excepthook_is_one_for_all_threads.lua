local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"
local seen = require "queue".Queue()

local function fail(gate)
  if gate then gate:wait() end
  error(exceptions.ValueError("failed"))
end
local function run(...)
  local t = threading.Thread { target = fail, args = { ... } }
  t:start()
  return t
end

testing.equal(threading.excepthook, threading.__excepthook__)
local gate = threading.Event()
local running = run(gate)
local function hook(args) seen:put("first " .. tostring(args.exc_value)) end
threading.excepthook = hook
testing.equal(threading.excepthook, hook)
-- Threads that ran before it was assigned have it too.
gate:set()
running:join()
testing.equal(seen:get(), "first failed")

-- One that a thread assigns is everybody's.
local assigner = threading.Thread {
  target = function() threading.excepthook = function(args) seen:put("second " .. args.thread.name) end end,
}
assigner:start()
assigner:join()
assert(threading.excepthook ~= hook)
local t = run()
t:join()
testing.equal(seen:get(), "second " .. t.name)
-- Called by hand in this thread.
threading.excepthook { thread = { name = "by hand" } }
testing.equal(seen:get(), "second by hand")

-- It may be anything that can be called and can cross.
threading.excepthook = setmetatable({ prefix = "third " }, { __call = function(self) seen:put(self.prefix) end })
run():join()
testing.equal(seen:get(), "third ")
testing.raises(exceptions.TypeError, "excepthook: function expected, got number", function() threading.excepthook = 5 end)
testing.raises(exceptions.TypeError, "cannot pass to another thread: excepthook.upvalue 'co': a coroutine", function()
  local co = coroutine.create(print)
  threading.excepthook = function() return co end
end)
run():join()
testing.equal(seen:get(), "third ") -- a refused one changes nothing

threading.excepthook = nil
testing.equal(threading.excepthook, threading.__excepthook__)
threading.excepthook = hook
threading.excepthook = threading.__excepthook__
testing.equal(threading.excepthook, threading.__excepthook__)

-- What a hook gets can be made by hand, in order or by name.
local args = threading.ExceptHookArgs { exceptions.KeyError, exceptions.KeyError("k"), "traceback", t }
testing.equal({ args.exc_type, tostring(args.exc_value), args.exc_traceback, args.thread },
  { exceptions.KeyError, "k", "traceback", t })
testing.equal(threading.ExceptHookArgs { exc_type = exceptions.KeyError }, { exc_type = exceptions.KeyError })
testing.raises(exceptions.TypeError, "table expected", threading.ExceptHookArgs)
testing.raises(exceptions.TypeError, "table expected", threading.excepthook)

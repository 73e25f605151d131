-- Errors arrive with class, message, traceback and contents, whatever was raised.
local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"

threading.excepthook = function() end
local function failure(f, ...)
  local t = threading.Thread { target = f, args = { ... } }
  t:start()
  local results = table.pack(pcall(t.result, t))
  assert(not results[1], "no error was raised")
  return results[2]
end

-- Exceptions.
local MyError = exceptions.OSError:subclass("MyError")
function MyError:init(code) MyError.super.init(self, "code " .. code) self.code = code end
local e = failure(function()
  local raised = MyError(5)
  raised.details = { list = { 1, 2 }, back = raised }
  raised.__cause__ = exceptions.KeyError("k")
  error(raised)
end)
testing.equal({ tostring(e), e.class, e.code, e.details.list[2], e.details.back, tostring(e.__cause__) },
  { "code 5", MyError, 5, 2, e, "k" })
assert(exceptions.OSError:is(e) and exceptions.KeyError:is(e.__cause__))
testing.contains(e.traceback, "errors.lua:22")
testing.equal(e.traceback:match "^stack traceback:", "stack traceback:")
-- Raised again it keeps the place where it came from.
local again = select(2, pcall(function() error(e) end))
testing.equal(again == e and again.traceback == e.traceback, true)

-- Ours, with their attributes.
local missing = failure(function() require "zipfile".ZipFile("/no/such/file") end)
assert(exceptions.FileNotFoundError:is(missing))
testing.equal(missing.errno, 2)
assert(require "queue".Empty:is(failure(function() require "queue".Queue():get_nowait() end)))

-- Strings with and without a place, tables, numbers, nothing at all.
testing.contains(failure(function() local t = nil return t.x end), "errors.lua:40: attempt to index a nil value")
testing.equal(failure(function() error("plain", 0) end), "plain")
testing.equal(failure(function() error { code = 1, list = { 2 } } end), { code = 1, list = { 2 } })
testing.equal(tostring(failure(function() error(setmetatable({}, { __tostring = function() return "told" end })) end)), "told")
testing.equal(failure(function() error(nil) end), nil)
testing.equal(failure(function() error(42) end), 42)
testing.equal(failure(function() error(false) end), false)

-- What cannot cross is told of; what holds it crosses without it.
local nameless = failure(function() error(coroutine.create(print)) end)
assert(exceptions.RuntimeError:is(nameless))
testing.contains(nameless, "cannot pass to another thread: error: a coroutine")
testing.equal(failure(function() error { code = 1, co = coroutine.create(print) } end), { code = 1 })
local partly = failure(function()
  local raised = exceptions.ValueError("partly", 2)
  raised.co, raised.kept = coroutine.create(print), "kept"
  error(raised)
end)
testing.equal({ tostring(partly), partly.class, partly.kept, partly.args[2] }, { "('partly', 2)", exceptions.ValueError, "kept", 2 })
local co = coroutine.create(print)
local Stuck = exceptions.ValueError:subclass("Stuck")
local stuck = failure(function()
  function Stuck:hold() return coroutine.create(print), self end
  local Local = Stuck:subclass("Local")
  local held = coroutine.create(print)
  function Local:get() return held end
  error(Local("still a Stuck"))
end)
testing.equal({ tostring(stuck), stuck.class }, { "still a Stuck", Stuck })
assert(exceptions.ValueError:is(stuck) and co)

-- A result that cannot cross is the error of its thread.
local refused = failure(function() return { 1, { co = coroutine.create(print) } } end)
assert(exceptions.TypeError:is(refused))
testing.equal(tostring(refused), "cannot pass to another thread: result[2].co: a coroutine")

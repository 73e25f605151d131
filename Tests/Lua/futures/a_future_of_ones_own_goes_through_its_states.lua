local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"

-- What Python logs of mistakes is another test's.
require("logging").getLogger("concurrent.futures").disabled = true

local function states(f) return { f:done(), f:running(), f:cancelled() } end

local function pending() return futures.Future() end
local function running()
  local f = futures.Future()
  assert(f:set_running_or_notify_cancel() == true)
  return f
end
local function cancelled()
  local f = futures.Future()
  assert(f:cancel() == true)
  return f
end
local function notified()
  local f = cancelled()
  assert(f:set_running_or_notify_cancel() == false)
  return f
end
local function failed()
  local f = futures.Future()
  f:set_exception(exceptions.OSError())
  return f
end
local function finished()
  local f = futures.Future()
  f:set_result(42)
  return f
end

testing.equal(states(pending()), { false, false, false })
testing.equal(states(running()), { false, true, false })
testing.equal(states(cancelled()), { true, false, true })
testing.equal(states(notified()), { true, false, true })
testing.equal(states(failed()), { true, false, false })
testing.equal(states(finished()), { true, false, false })

-- cancel
for make, expected in pairs { [pending] = true, [running] = false, [cancelled] = true, [notified] = true, [failed] = false,
  [finished] = false } do
  local f = make()
  testing.equal(f:cancel(), expected)
  testing.equal(f:cancelled(), expected)
end

-- result and exception
for _, method in ipairs { "result", "exception" } do
  testing.raises(futures.TimeoutError, pending()[method], pending(), 0)
  testing.raises(futures.TimeoutError, running()[method], running(), { timeout = 0 })
  testing.raises(futures.CancelledError, cancelled()[method], cancelled(), 0)
  testing.raises(futures.CancelledError, notified()[method], notified(), 0)
end
testing.raises(exceptions.OSError, failed().result, failed(), 0)
assert(exceptions.OSError:is(failed():exception(0)))
testing.equal(finished():result(0), 42)
testing.equal(finished():exception(0), nil)
testing.raises(exceptions.TypeError, "number", pending().result, pending(), "soon")
assert(futures.TimeoutError == exceptions.TimeoutError)

-- A second result is refused, in Python's words.
local f = finished()
testing.raises(futures.InvalidStateError, "FINISHED: <Future at 0x", f.set_result, f, 2)
testing.raises(futures.InvalidStateError, "state=finished returned integer>", f.set_result, f, 2)
testing.equal(f:result(), 42)
local e = exceptions.ValueError()
local g = futures.Future()
g:set_exception(e)
testing.raises(futures.InvalidStateError, "state=finished raised ValueError>", g.set_exception, g, exceptions.Exception())
assert(rawequal(g:exception(), e))
testing.raises(futures.InvalidStateError, "CANCELLED: ", cancelled().set_result, cancelled(), 1)
testing.raises(futures.InvalidStateError, "CANCELLED_AND_NOTIFIED: ", notified().set_exception, notified(), "x")

-- Work is begun once.
for _, make in ipairs { running, notified, finished } do
  local f = make()
  testing.raises(exceptions.RuntimeError, "Future in unexpected state", f.set_running_or_notify_cancel, f)
end

-- What an interpreter has set it finds again as it is; several values too.
local t = { 1 }
local h = futures.Future()
h:set_result(t, nil, "more")
local a, b, c = h:result()
assert(rawequal(a, t) and b == nil and c == "more")

-- Attributes of a script's own, as Python has them.
h.url = "http://example.org/"
testing.equal(h.url, "http://example.org/")

-- The text is that of Python's repr.
local function text(f) return (tostring(f):gsub("0x%x+", "ADDRESS")) end
testing.equal(text(pending()), "<Future at ADDRESS state=pending>")
testing.equal(text(running()), "<Future at ADDRESS state=running>")
testing.equal(text(cancelled()), "<Future at ADDRESS state=cancelled>")
testing.equal(text(notified()), "<Future at ADDRESS state=cancelled>")
testing.equal(text(failed()), "<Future at ADDRESS state=finished raised OSError>")
testing.equal(text(finished()), "<Future at ADDRESS state=finished returned integer>")
for value, name in pairs { [1.5] = "float", text = "string", [true] = "boolean", [t] = "table", [e] = "ValueError" } do
  local f = futures.Future()
  f:set_result(value)
  testing.contains(f, "returned " .. name .. ">")
end
local empty = futures.Future()
empty:set_result()
testing.contains(empty, "returned nil>")
testing.raises(exceptions.TypeError, "Future() takes no arguments (1 given)", futures.Future, 42)
testing.equal(tostring(futures.Future), "<class 'futures.Future'>")
testing.equal(tostring(futures.CancelledError), "<class 'futures.CancelledError'>")
testing.equal(tostring(futures.TimeoutError), "<class 'TimeoutError'>")

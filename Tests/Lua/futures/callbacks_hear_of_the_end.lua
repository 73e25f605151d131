local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"
local threading = require "threading"
local queue = require "queue"

-- A future that this interpreter ends calls the function itself.
local seen
local f = futures.Future()
f:add_done_callback(function(future) seen = future:result() + (future == f and 1 or 100) end)
f:set_result(5)
testing.equal(seen, 6)

f = futures.Future()
f:add_done_callback(function(future) seen = future:exception().args[1] end)
f:set_exception(exceptions.Exception("test"))
testing.equal(seen, "test")

f = futures.Future()
f:add_done_callback(function(future) seen = future:cancelled() end)
assert(f:cancel() and f:cancel())
testing.equal(seen, true)

-- In the order in which they were added; one that is done calls at once.
local order = {}
f = futures.Future()
for i = 1, 3 do f:add_done_callback(function() order[#order + 1] = i end) end
f:set_result(1)
f:add_done_callback(function() order[#order + 1] = "late" end)
testing.equal(order, { 1, 2, 3, "late" })

-- A callback may add another, and may ask for the result.
f = futures.Future()
f:add_done_callback(function(future)
  future:add_done_callback(function(inner) seen = inner:result() end)
end)
f:set_result("inner")
testing.equal(seen, "inner")

-- A worker that ends the future calls a copy.
local ex <close> = futures.ThreadPoolExecutor(1)
local gate, answers = threading.Event(), queue.Queue()
local count = 0
local future = ex:submit(function() gate:wait() return "done" end)
future:add_done_callback(function(future)
  count = count + 1
  answers:put { future:result(), threading.current_thread().name, count }
end)
gate:set()
local answer = answers:get()
testing.equal(answer[1], "done")
testing.contains(answer[2], "ThreadPoolExecutor-")
testing.equal({ answer[3], count }, { 1, 0 })

-- A pending one that is cancelled calls where it was cancelled.
gate:clear()
local blocker = ex:submit(function() gate:wait() end)
local pending = ex:submit(print)
local cancelled_in
pending:add_done_callback(function(future)
  cancelled_in = future:cancelled() and threading.current_thread().name
end)
assert(pending:cancel())
testing.equal(cancelled_in, "MainThread")
gate:set()
blocker:result()

-- Callables of any kind; what cannot be called, or cannot cross, is refused.
f = futures.Future()
f:add_done_callback(setmetatable({}, { __call = function(_, future) seen = future end }))
f:set_result()
assert(seen == f)
testing.raises(exceptions.TypeError, "bad argument #1 to 'add_done_callback' (function expected, got nil)", f.add_done_callback,
  f, nil)
local co = coroutine.create(print)
f = futures.Future()
testing.raises(exceptions.TypeError, "fn.upvalue 'co': a coroutine", f.add_done_callback, f, function() return co end)

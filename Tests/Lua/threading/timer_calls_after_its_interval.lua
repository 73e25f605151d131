local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue
local exceptions = require "exceptions"

local calls = Queue()
local function call(...) calls:put { n = select("#", ...), ... } return "returned" end

local timer = threading.Timer(0.001, call, { 1, nil, 3, n = 3 }, { key = "value" })
assert(threading.Thread:is(timer) and threading.Timer:is(timer))
testing.equal({ timer.interval, timer["function"], timer.finished:is_set() }, { 0.001, call, false })
testing.contains(tostring(timer), "<Timer(Thread-")
timer:start()
testing.equal(calls:get(), { 1, nil, 3, { key = "value" }, n = 4 })
testing.equal(timer:result(), "returned")
testing.equal({ timer.finished:is_set(), timer:is_alive(), timer.state }, { true, false, "finished" })
testing.equal({ timer.interval, timer["function"], timer.kwargs }, { 0.001, call, { key = "value" } })

-- By name, with the alias for the word of Lua's; without arguments.
for _, options in ipairs {
  { interval = 0, target = call }, { interval = 0, ["function"] = call }, { interval = -5, target = call, args = {} },
} do
  local timer = threading.Timer(options)
  testing.equal({ timer.args, timer.kwargs }, { {}, {} })
  timer:start()
  testing.equal(calls:get().n, 0)
  timer:join()
end

-- The tables of two timers are two.
local one, two = threading.Timer(0, call), threading.Timer(0, call)
table.insert(one.args, "blah")
one.kwargs.foo = "bar"
one:start()
testing.equal(calls:get(), { "blah", { foo = "bar" }, n = 2 })
two:start()
testing.equal(calls:get(), { n = 0 })
one:join()
two:join()

-- An error of the function is an error of the thread.
local seen = Queue()
threading.excepthook = function(args) seen:put(tostring(args.exc_value)) end
local failing = threading.Timer(0, function() error(exceptions.ValueError("late")) end)
failing:start()
testing.raises(exceptions.ValueError, "late", failing.result, failing)
testing.equal(seen:get(), "late")

testing.raises(exceptions.TypeError, "interval: number expected, got nil", threading.Timer)
testing.raises(exceptions.TypeError, "function: function expected, got nil", threading.Timer, 1)
testing.raises(exceptions.TypeError, "args: table expected, got number", threading.Timer, 1, call, 2)
testing.raises(exceptions.TypeError, "(known: interval, function or target, args, kwargs)", threading.Timer, { seconds = 1 })
local stuck = threading.Timer(1, call, { coroutine.create(print) })
testing.raises(exceptions.TypeError, "cannot pass to another thread: args[1]: a coroutine", stuck.start, stuck)

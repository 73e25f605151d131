local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"

local ex <close> = futures.ThreadPoolExecutor(2)
assert(futures.Executor:is(ex) and futures.ThreadPoolExecutor:is(ex))

testing.equal(ex:submit(math.max, 3, 256):result(), 256)
testing.equal(ex:submit(function(x, y) return x * y end, 2, 8):result(), 16)

-- All values come back, nil in any place.
local function echo(...) return ... end
testing.equal(table.pack(ex:submit(echo):result()), { n = 0 })
testing.equal(table.pack(ex:submit(echo, nil):result()), { n = 1 })
testing.equal(table.pack(ex:submit(echo, nil, 1, nil):result()), { n = 3, nil, 1, nil })
testing.equal(table.pack(ex:submit(echo, 1.5, 2, "a\0b", true):result()), { n = 4, 1.5, 2, "a\0b", true })
local many = table.pack(ex:submit(echo, table.unpack({}, 1, 200)):result())
testing.equal(many.n, 200)

-- The function and its arguments are one message: they keep what they share.
local shared = { 0 }
local future = ex:submit(function(t)
  t[1] = t[1] + 1
  shared[1] = shared[1] + 1
  return rawequal(t, shared), t[1]
end, shared)
testing.equal({ future:result() }, { true, 2 })
testing.equal(shared[1], 0)

-- The result is one copy for each interpreter, as it is one object in Python.
local t = ex:submit(function() return { 1, { 2 } } end)
assert(rawequal(t:result(), t:result()))
testing.equal(t:result(), { 1, { 2 } })

-- What can be called can be submitted.
local callable = setmetatable({ factor = 3 }, { __call = function(self, x) return self.factor * x end })
testing.equal(ex:submit(callable, 5):result(), 15)
testing.raises(exceptions.TypeError, "bad argument #1 to 'submit' (function expected, got no value)", ex.submit, ex)
testing.raises(exceptions.TypeError, "bad argument #1 to 'submit' (function expected, got number)", ex.submit, ex, 5)

-- What cannot cross is refused before anything is in the queue; a result that cannot is the call's error.
testing.raises(exceptions.TypeError, "cannot pass to another thread: args[2].on_done: a coroutine", ex.submit, ex, print, 1,
  { on_done = coroutine.create(print) })
local co = coroutine.create(print)
testing.raises(exceptions.TypeError, "target", ex.submit, ex, function() return co end)
local bad = ex:submit(function() return 1, coroutine.create(print) end)
testing.raises(exceptions.TypeError, "cannot pass to another thread: result: a coroutine", bad.result, bad)

local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"
local threading = require "threading"

local function collect(it)
  local list = {}
  for x in it do list[#list + 1] = x end
  return list
end
local function range(n)
  local list = {}
  for i = 1, n do list[i] = i end
  return list
end
local function count()
  local n = 0
  return function() n = n + 1 return n end
end

local ex = futures.ThreadPoolExecutor(3)
local function square(x) return x * x end
testing.equal(collect(ex:map(square, { 1, 2, 3 })), { 1, 4, 9 })
testing.equal(collect(ex:map(square, range(3), { chunksize = 3 })), { 1, 4, 9 })
testing.equal(collect(ex:map(math.max, { 5, 1, 7 }, { 2, 8, 3 })), { 5, 8, 7 })
testing.equal(#collect(ex:map(square, range(1000))), 1000)

-- The shortest list ends it. Iterators are as good as lists, and infinite ones beside a finite one.
testing.equal(collect(ex:map(math.max, { 5, 1, 7 }, { 2, 8 })), { 5, 8 })
testing.equal(collect(ex:map(math.max, { 5, 1, 7 }, count())), { 5, 2, 7 })
testing.equal(collect(ex:map(square, ("1 2 3"):gmatch "%d")), { 1, 4, 9 })
testing.equal(collect(ex:map(square, ex:map(square, { 1, 2 }))), { 1, 16 })
local keys = collect(ex:map(function(k, v) return k .. v end, pairs { a = 1 }))
testing.equal(keys, { "a1" })
testing.equal(collect(ex:map(function(i, v) return i .. v end, ipairs { "x", "y" })), { "1x", "2y" })
testing.equal(collect(ex:map(square, {})), {})
testing.equal(collect(ex:map(square)), {})
local packed = collect(ex:map(function(x) return tostring(x) end, table.pack(1, nil, 3)))
testing.equal(packed, { "1", "nil", "3" })

-- All values of a call; false where there is none, since nil would end the loop.
local sums = {}
for sum, product in ex:map(function(a, b) return a + b, a * b end, { 1, 2 }, { 3, 4 }) do
  sums[#sums + 1] = { sum, product }
end
testing.equal(sums, { { 4, 3 }, { 6, 8 } })
testing.equal(collect(ex:map(function() end, { 1, 2 })), { false, false })
testing.equal(table.pack(ex:map(function() return nil, 2 end, { 1 })()), { n = 2, false, 2 })

-- An error comes at its place and ends the iteration.
local it = ex:map(function(a, b) return a // b end, { 1, 1, 1, 1 }, { 2, 3, 0, 5 })
testing.equal({ it(), it() }, { 0, 0 })
testing.raises("attempt to divide by zero", it)
testing.equal(it(), nil)

-- Everything is submitted at once, also where nobody asks for the results.
local queue = require("queue").Queue()
ex:map(function(n) queue:put(n) end, range(10))
ex:shutdown()
testing.equal(queue:qsize(), 10)

-- A timeout is counted from the call, for all results together.
local gate = threading.Event()
local slow = futures.ThreadPoolExecutor(2)
local got = {}
testing.raises(futures.TimeoutError, function()
  for r in slow:map(function(wait) if wait then gate:wait() end return "ok" end, { false, false, true }, { timeout = 0.05 }) do
    got[#got + 1] = r
  end
end)
testing.equal(got, { "ok", "ok" })
gate:set()
slow:shutdown()

-- What is wrong is said, and leaves nothing in the queue.
local one = futures.ThreadPoolExecutor(1)
testing.raises(exceptions.TypeError, "bad argument #1 to 'map' (function expected, got no value)", one.map, one)
testing.raises(exceptions.TypeError, "bad argument #2 to 'map' (array or iterator expected, got number)", one.map, one, square, 5)
testing.raises(exceptions.TypeError, "bad argument #2 to 'map' (array or iterator expected, got Queue)", one.map, one, square, queue)
testing.raises(exceptions.TypeError, "bad argument #2 to 'map' (array or iterator expected, got a table without [1])", one.map,
  one, square, { a = 1 }, {})
testing.raises(exceptions.TypeError, "unexpected named argument 'timeot' (known: timeout, chunksize, buffersize)", one.map, one,
  square, {}, { timeot = 1 })
testing.raises(exceptions.TypeError, "bad argument 'timeout' to 'map' (number", one.map, one, square, {}, { timeout = "x" })
local e = testing.raises(exceptions.TypeError, "cannot pass to another thread: args[1]: a coroutine", one.map, one, square,
  { 1, 2, coroutine.create(print) })
one:shutdown()
testing.raises(exceptions.RuntimeError, "cannot schedule new futures after shutdown", one.map, one, square, { 1 })

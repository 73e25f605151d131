local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"

local function source()
  local self = { read = 0 }
  return self, function() self.read = self.read + 1 return self.read end
end
local function double(x) return 2 * x end

local ex = futures.ThreadPoolExecutor(3)
for _, size in ipairs { "foo", 2.0, true } do
  testing.raises(exceptions.TypeError, "buffersize must be an integer or nil", ex.map, ex, double, {}, { buffersize = size })
end
for _, size in ipairs { 0, -1 } do
  testing.raises(exceptions.ValueError, "buffersize must be nil or > 0", ex.map, ex, double, {}, { buffersize = size })
end

for _, size in ipairs { 1, 2, 10, 20 } do
  local got = {}
  for x in ex:map(double, { 1, 2, 3, 4, 5 }, { buffersize = size }) do got[#got + 1] = x end
  testing.equal(got, { 2, 4, 6, 8, 10 })
end
testing.equal(ex:map(double, {}, { buffersize = 2 })(), nil)
testing.equal(ex:map(double, { buffersize = 2 })(), nil)

-- An infinite iterator is read as results are taken.
local state, numbers = source()
local it = ex:map(double, numbers, { buffersize = 4 })
testing.equal(state.read, 4)
testing.equal({ it(), it() }, { 2, 4 })
testing.equal(state.read, 6)
it:close()
testing.equal(it(), nil)
testing.equal(state.read, 6)

-- Several.
local state1, numbers1 = source()
local state2, numbers2 = source()
it = ex:map(math.max, numbers1, numbers2, { buffersize = 2 })
testing.equal({ state1.read, state2.read, it(), state1.read }, { 2, 2, 1, 3 })

-- Nothing is read while nobody takes.
local state3, numbers3 = source()
ex:map(double, numbers3, { buffersize = 4 })
ex:shutdown()
testing.equal(state3.read, 4)

-- After a shutdown, the iteration ends with the error of the submission, as in Python.
testing.raises(exceptions.RuntimeError, "cannot schedule new futures after shutdown", it)

-- The iteration keeps its executor.
local got = {}
for x in futures.ThreadPoolExecutor(2):map(double, { 1, 2, 3, 4, 5, 6 }, { buffersize = 1 }) do
  require("gc").collect()
  got[#got + 1] = x
end
testing.equal(got, { 2, 4, 6, 8, 10, 12 })

-- What gives the items may not ask for a result.
local again
again = futures.ThreadPoolExecutor(1):map(double, function() return again and again() or 1 end, { buffersize = 1 })
testing.raises(exceptions.ValueError, "generator already executing", again)
testing.equal(again(), nil)

-- An idle worker holds nothing of the jobs that it has done: neither functions nor arguments nor results.
local testing = require "testing"
local futures = require "futures"

local ex <close> = futures.ThreadPoolExecutor(1)

-- In the worker: what is watched and still there.
local function left()
  collectgarbage()
  collectgarbage()
  local count = 0
  for _ in pairs(watched) do count = count + 1 end
  return count
end

local function job(...)
  local result = {}
  watched = setmetatable({ result, debug.getinfo(1, "f").func, ... }, { __mode = "v" })
  return result
end
local future = ex:submit(job, {}, { {} })
testing.equal(#future:result(), 0)
testing.equal(ex:submit(left):result(), 0)

local upvalue = {}
local function closure()
  watched = setmetatable({ upvalue, debug.getinfo(1, "f").func }, { __mode = "v" })
  return #watched
end
testing.equal(ex:submit(closure):result(), 2)
testing.equal(ex:submit(left):result(), 0)

local results = 0
for result in ex:map(job, { {}, {} }) do results = results + 1 end
testing.equal(results, 2)
testing.equal(ex:submit(left):result(), 0)

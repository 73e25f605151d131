-- jobs.lua KIND COUNT WORKERS
local kind, count, workers = arg[1], tonumber(arg[2]), tonumber(arg[3])
local futures = require "futures"
local ex = futures.ThreadPoolExecutor(workers)

local function add(a, b) return a + b end

local function sum(n)
  local total = 0
  for i = 1, n do total = total + i % 7 end
  return total
end

if kind == "turn" then
  for i = 1, count do assert(ex:submit(add, i, 2):result() == i + 2) end
elseif kind == "batch" then
  local fs = {}
  for i = 1, count do fs[i] = ex:submit(add, i, 2) end
  for i = 1, count do assert(fs[i]:result() == i + 2) end
elseif kind == "map" then
  local list = {}
  for i = 1, count do list[i] = i end
  local i = 0
  for result in ex:map(add, list, list) do
    i = i + 1
    assert(result == 2 * i)
  end
elseif kind == "compute" then
  for result in ex:map(sum, (function() local list = {} for i = 1, count do list[i] = 20000 end return list end)()) do
    assert(result > 0)
  end
end
ex:shutdown()

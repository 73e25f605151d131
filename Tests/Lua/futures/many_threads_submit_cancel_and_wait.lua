local testing = require "testing"
local futures = require "futures"
local threading = require "threading"
local queue = require "queue"

-- Every future ends in one way, and each is counted by its callback, its waiters and its result alike.
local ex = futures.ThreadPoolExecutor(3)
local endings = queue.Queue()
local function job(i)
  if i % 7 == 0 then error("seven", 0) end
  return i, { i }
end

local function submitter(number)
  local fs, cancelled = {}, 0
  for i = 1, 300 do
    local f = ex:submit(job, i)
    f:add_done_callback(function(f)
      endings:put(f:cancelled() and "cancelled" or f:exception() and "failed" or "finished")
    end)
    if i % 11 == number then f:cancel() end
    fs[i] = f
  end
  local counts, seen = { cancelled = 0, failed = 0, finished = 0 }, 0
  for f in futures.as_completed(fs) do
    seen = seen + 1
    local ok, a, b = pcall(f.result, f)
    if ok then
      assert(a == b[1] and fs[a] == f)
      counts.finished = counts.finished + 1
    elseif futures.CancelledError:is(a) then
      counts.cancelled = counts.cancelled + 1
    else
      assert(a == "seven")
      counts.failed = counts.failed + 1
    end
  end
  testing.equal(seen, 300)
  testing.equal(#futures.wait(fs), 300)
  return counts
end

local threads = {}
for n = 1, 4 do
  threads[n] = threading.Thread { target = submitter, args = { n } }
  threads[n]:start()
end
local total = { cancelled = 0, failed = 0, finished = 0 }
for _, t in ipairs(threads) do
  for ending, count in pairs(t:result()) do total[ending] = total[ending] + count end
end
testing.equal(total.cancelled + total.failed + total.finished, 1200)
ex:shutdown()
local called = { cancelled = 0, failed = 0, finished = 0 }
while not endings:empty() do
  local ending = endings:get()
  called[ending] = called[ending] + 1
end
testing.equal(called, total)

-- Executors come and go, with jobs that make executors.
local function nested(depth)
  if depth == 0 then return 1 end
  local inner <close> = futures.ThreadPoolExecutor(2)
  local sum = 0
  for x in inner:map(nested, { depth - 1, depth - 1 }) do sum = sum + x end
  return sum
end
testing.equal(nested(4), 16)
testing.equal(threading.active_count(), 1)

-- Arguments: a folder with a FIFO named "fifo", and how often each.
local threading = require "threading"
local queue = require "queue"
local makeLogRecord = require "logging".makeLogRecord

local folder, rounds = ..., tonumber(select(2, ...))
local held = io.open(folder .. "/fifo", "r+")
local never, lock, condition = threading.Event(), threading.Lock(), threading.Condition()
local empty, full = queue.Queue(), queue.Queue(1)
lock:acquire()
full:put(1)

-- The clock with the finest grain that scripts have.
local function now() return makeLogRecord({}).created end

local function endless() while true do end end
local ways = {
  { "busy loop", endless },
  { "pcall loop", function() while true do pcall(endless) end end },
  { "coroutine", function() coroutine.wrap(function() while true do pcall(error) end end)() end },
  { "table.sort with a comparison", function() table.sort({ 1, 2, 3 }, endless) end },
  { "Queue.get", function() empty:get() end },
  { "Queue.put", function() full:put(2) end },
  { "Condition.wait", function() local held <close> = condition:hold() condition:wait() end },
  { "Lock.acquire", function() lock:acquire() end },
  { "Event.wait", function() never:wait() end },
  { "file:read of a pipe", function() io.open(folder .. "/fifo"):read() end },
  { "io.lines of a pipe", function() for _ in io.lines(folder .. "/fifo") do end end },
  { "os.execute", function() os.execute("sleep 1000") end },
  { "os.execute of a list", function() os.execute("sleep 1000; true") end },
  { "read from io.popen", function() local p <close> = io.popen("sleep 1000") p:read() end },
}

print(("%-30s %10s %10s %10s   (ms, %d times; target 100)"):format("cancelled in", "median", "95 %", "max", rounds))
for _, way in ipairs(ways) do
  local name, body = way[1], way[2]
  local times = {}
  for i = 1, rounds do
    local started = threading.Event()
    local thread = threading.Thread { target = function() started:set() body() end }
    thread:start()
    started:wait()
    -- From just begun to long blocked.
    if i % 2 == 0 then never:wait(0.002) end
    local begin = now()
    thread:cancel()
    thread:join()
    times[i] = (now() - begin) * 1000
    assert(thread.state == "cancelled")
  end
  table.sort(times)
  print(("%-30s %10.3f %10.3f %10.3f"):format(name, times[rounds // 2], times[rounds * 95 // 100], times[rounds]))
end
held:close()

-- Prints how many KiB of resident memory each of `count` threads takes while all wait on one event, and how many are left of
-- each once all have ended.
local count = math.tointeger(tonumber(arg[1]))
local threading = require "threading"
local started = require "queue".Queue()
local gate = threading.Event()

local function resident()
  for line in io.lines("/proc/self/status") do
    local kilobytes = line:match("^VmRSS:%s*(%d+)")
    if kilobytes then return tonumber(kilobytes) end
  end
end

local before = resident()
local threads = {}
for i = 1, count do
  threads[i] = threading.Thread{target = function()
    started:put(i)
    gate:wait()
  end}
  threads[i]:start()
end
for _ = 1, count do started:get() end
local during = resident()
gate:set()
for i = 1, count do threads[i]:join() end
threads = nil
collectgarbage()
print((during - before) / count, (resident() - before) / count)

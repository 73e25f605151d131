-- Starts and joins `count` empty threads, `burst` of them before the first is joined.
local count, burst = math.tointeger(tonumber(arg[1])), math.tointeger(tonumber(arg[2]))
local Thread = require "threading".Thread
local function empty() end

for _ = 1, count // burst do
  local threads = {}
  for i = 1, burst do
    threads[i] = Thread{target = empty}
    threads[i]:start()
  end
  for i = 1, burst do threads[i]:join() end
end

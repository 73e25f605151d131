-- Threads that are all asleep again and again, and always woken.
local testing = require "testing"
local threading, queue = require "threading", require "queue"

local rounds = 3000
local function all(count, body)
  local threads = {}
  for i = 1, count do
    threads[i] = threading.Thread { target = body, args = { i } }
    threads[i]:start()
  end
  for _, thread in ipairs(threads) do thread:result() end
end

local ping, pong = queue.Queue(), queue.Queue()
all(2, function(i)
  for n = 1, rounds do
    if i == 1 then
      ping:put(n)
      testing.equal(pong:get(), n)
    else
      pong:put(ping:get())
    end
  end
end)

local barrier = threading.Barrier(4)
all(4, function()
  for _ = 1, rounds / 3 do barrier:wait() end
end)

local narrow = queue.Queue(1)
all(4, function(i)
  for n = 1, rounds do
    if i % 2 == 0 then narrow:put(n) else narrow:get() end
  end
end)

local condition, turn = threading.Condition(), queue.Queue()
turn:put(1)
all(5, function(i)
  for _ = 1, rounds / 10 do
    local held <close> = condition:hold()
    local mine
    condition:wait_for(function()
      local number = turn:get()
      mine = number == i
      if not mine then turn:put(number) end
      return mine
    end)
    turn:put(i % 5 + 1)
    condition:notify_all()
  end
end)

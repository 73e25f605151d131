local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local condition, ready, woken = threading.Condition(), Queue(), Queue()
local threads = {}
for i = 1, 6 do
  threads[i] = threading.Thread {
    target = function()
      local held <close> = condition:hold()
      ready:put(i)
      woken:put { i, condition:wait() }
    end,
  }
  threads[i]:start()
  -- The next one begins when this one waits: only then is the lock free.
  ready:get()
  condition:acquire()
  condition:release()
end

local function notified(count, ...)
  condition:acquire()
  condition[select("#", ...) == 0 and "notify_all" or "notify"](condition, ...)
  condition:release()
  local numbers = {}
  for i = 1, count do
    local number, result = table.unpack(woken:get())
    testing.equal(result, true)
    numbers[i] = number
  end
  table.sort(numbers)
  return numbers
end

testing.equal(notified(1, 1), { 1 })
testing.equal(notified(2, 2), { 2, 3 })
condition:acquire()
condition:notify(0)
condition:notify(-5)
condition:release()
testing.equal(notified(1, nil), { 4 })
testing.equal(notified(2), { 5, 6 })
for _, thread in ipairs(threads) do thread:join() end
testing.equal(woken:qsize(), 0)

-- Nobody waits: nothing happens.
condition:acquire()
condition:notify(3)
condition:notify_all()
condition:release()

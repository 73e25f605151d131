local testing = require "testing"
local threading = require "threading"
local queue = require "queue"
local exceptions = require "exceptions"
local too_many = "task_done() called too many times"

local function check_join(q, sums)
  local threads = {}
  for i = 1, 2 do
    threads[i] = threading.Thread {
      target = function()
        local sum = 0
        while true do
          local x = q:get()
          if x >= 0 then sum = sum + x else sums:put(sum) end
          q:task_done()
          if x < 0 then return end
        end
      end,
    }
    threads[i]:start()
  end
  for i = 0, 99 do q:put(i) end
  q:join()
  testing.equal({ q.unfinished_tasks, q:qsize() }, { 0, 0 })
  for _ = 1, 2 do q:put(-1) end
  q:join()
  testing.equal(sums:get() + sums:get(), 4950)
  for _, thread in ipairs(threads) do thread:result() end
end

for _, class in ipairs { queue.Queue, queue.LifoQueue, queue.PriorityQueue } do
  testing.raises(exceptions.ValueError, too_many, function() class():task_done() end)
  local q = class()
  q:join()
  check_join(q, queue.Queue())
  check_join(q, queue.Queue())
  testing.raises(exceptions.ValueError, too_many, q.task_done, q)
end

-- Puts are counted, not gets: a task may be told done while its item is still there.
local q = queue.Queue()
q:put("x")
testing.equal(q.unfinished_tasks, 1)
q:task_done()
q:join()
testing.equal({ q:qsize(), q.unfinished_tasks }, { 1, 0 })
testing.raises(exceptions.ValueError, too_many, q.task_done, q)
q:put_many { 1, 2, 3 }
testing.equal(q.unfinished_tasks, 3)

-- A task that has runs to come may wake anybody; a run that waits for ever is told, and its task goes on.
local testing = require "testing"
local threading, queue, tasks = require "threading", require "queue", require "tasks"

threading.excepthook = function() end
local q, never = queue.Queue(), threading.Event()

local count = 0
local ticker = tasks.every(0.08, function()
  count = count + 1
  q:put(count)
end)
testing.equal({ q:get(), q:get() }, { 1, 2 })
ticker:cancel()
ticker:join()

-- The main thread joins the task, which joins nobody.
local stuck = tasks.after(0.01, function() never:wait() end)
stuck:join()
assert(threading.DeadlockError:is(stuck.last_error), stuck.last_error)

-- Runs side by side, once no more are to come: they are told, and the thread that started them is not.
local several = tasks.every(1000, function()
  q:put "begun"
  local _, e = pcall(never.wait, never)
  q:put(tostring(e))
end, { overlap = 3, immediate = true })
testing.equal(q:get(), "begun")
several:run_now()
testing.equal(q:get(), "begun")
several:cancel()
for _ = 1, 2 do testing.contains(q:get(), "Task.wait") end
several:join()
testing.equal(several.failures, 0)

-- Without a task that has anything to do, nobody is left.
testing.raises(threading.DeadlockError, function() while true do q:get() end end)

-- One interpreter for the life of a task: upvalues and globals of one run are there in the next.
local testing, tasks = require "testing", require "tasks"
local q = require "queue".Queue()

local count = 0
total = 100
local t = tasks.every(0.005, function(task)
  count = count + 1
  total = total + 1
  q:put { count, total }
  if count == 3 then task:cancel() end
end)
t:join()
for i = 1, 3 do testing.equal(q:get_nowait(), { i, 100 + i }) end
testing.equal(t.runs, 3)

-- The function crossed as a copy: here nothing has changed.
testing.equal(count, 0)
testing.equal(total, 100)

-- What it reads is as it was at the call.
local word = "before"
local late = tasks.after(3600, function() q:put(word) end)
word = "after"
late:run_now()
testing.equal(q:get(), "before")

local testing, tasks = require "testing", require "tasks"
local threading = require "threading"
local q = require "queue".Queue()

local t = tasks.every(3600, function(task) q:put(task.runs) end)
local due = t.next_run
testing.equal(t:run_now(), true)
testing.equal(q:get(), 1)
testing.equal(t:run_now(), true)
testing.equal(q:get(), 2)
assert(math.abs(t.next_run - due) < 60)
t:cancel()
testing.equal(t:run_now(), false)
t:join()

-- While a run is under way it asks for one more, not for one each.
local running, go_on = threading.Event(), threading.Event()
t = tasks.every(3600, function(task)
  q:put(task.runs)
  running:set()
  go_on:wait()
  if task.runs == 2 then task:cancel() end
end)
t:run_now()
running:wait()
for _ = 1, 3 do testing.equal(t:run_now(), true) end
go_on:set()
testing.equal(t:join(), true)
testing.equal(t.runs, 2)

-- The only run of a task that runs once.
t = tasks.after(3600, function() q:put("now") end)
t:run_now()
testing.equal(t:join(), true)
testing.equal(t.runs, 1)
testing.equal(t.state, "finished")

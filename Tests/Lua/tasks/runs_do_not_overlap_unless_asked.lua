local testing, tasks = require "testing", require "tasks"
local threading, exceptions = require "threading", require "exceptions"
local q = require "queue".Queue()

-- A clock that the test can wait for: so many runs of another task.
local function pass(runs)
  tasks.every(0.002, function(task) if task.runs == runs then task:cancel() end end):join()
end

local go_on = threading.Event()
local single = tasks.every(0.002, function() q:put("run") go_on:wait() end)
q:get()
pass(10)
testing.equal(single.runs, 1)
testing.equal(single:is_running(), true)
testing.equal(single.state, "running")
-- What it missed is not made up for: after a cancel there is no queue of runs.
single:cancel()
go_on:set()
single:join()
testing.equal(single.runs, 1)
testing.equal(q:qsize(), 0)

-- Asked for, so many at once and no more; each with a fresh copy of the function.
go_on:clear()
local count = 0
local several = tasks.every(0.002, function(task)
  count = count + 1
  q:put { count, task.name, threading.current_thread().name }
  go_on:wait()
end, { overlap = 3, name = "several" })
local names = {}
for _ = 1, 3 do
  local item = q:get()
  testing.equal(item[1], 1)
  testing.equal(item[2], "several")
  names[item[3]] = true
end
testing.equal(names, { ["several #1"] = true, ["several #2"] = true, ["several #3"] = true })
pass(10)
testing.equal(several.runs, 3)
testing.equal(several:cancel(), true)
go_on:set()
testing.equal(several:join(), true)
testing.equal(several:is_running(), false)

-- true has a bound too.
go_on:clear()
local many = tasks.every(0.001, function() q:put(1) go_on:wait() end, { overlap = true })
for _ = 1, 8 do q:get() end
pass(10)
testing.equal(many.runs, 8)
many:cancel()
go_on:set()
many:join()

-- An error in one is the task's.
threading.excepthook = function(args) q:put(args.thread.name) end
local bad = tasks.every(0.002, function(task) task:cancel() error("boom", 0) end, { overlap = 2, name = "bad" })
bad:join()
-- The second run may have begun, and even ended, before the first.
testing.contains(q:get(), "bad #")
testing.equal(bad.last_error, "boom")
threading.excepthook = threading.__excepthook__

for _, bound in ipairs { 0, -1, 1001 } do
  testing.raises(exceptions.ValueError, "overlap must be from 1 to 1000", tasks.every, 1, print, { overlap = bound })
end
testing.raises(exceptions.TypeError, "true or a number of runs expected, got string", tasks.every, 1, print,
  { overlap = "yes" })
testing.raises(exceptions.TypeError, tasks.after, 1, print, { overlap = true })

local testing, tasks = require "testing", require "tasks"
local q = require "queue".Queue()

local function tell(task) q:put { task.state, task.next_run == nil, task:is_active(), task:is_running() } end
local waiting = tasks.after(3600, tell)
testing.equal(waiting:is_active(), true)
testing.equal(waiting.last_error, nil)
waiting:cancel()

local t = tasks.after(0.01, tell)
testing.equal(t:join(), true)
testing.equal(q:get_nowait(), { "running", true, true, true })
testing.equal(t.state, "finished")
testing.equal(t:is_active(), false)
testing.equal(t:is_running(), false)
testing.equal(t.runs, 1)
testing.equal(t.next_run, nil)
testing.equal(t.last_error, nil)
testing.equal(t:cancel(), false)
testing.equal(t:run_now(), false)

-- At once, and not in this thread.
local threading = require "threading"
tasks.after(0, function() q:put(require "threading".get_ident()) end):join()
assert(q:get_nowait() ~= threading.get_ident())

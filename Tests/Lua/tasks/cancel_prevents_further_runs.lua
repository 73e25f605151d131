local testing, tasks = require "testing", require "tasks"
local threading = require "threading"
local q = require "queue".Queue()

-- While it waits.
local t = tasks.every(3600, function() q:put("ran") end)
testing.equal(t.state, "waiting")
testing.equal(t:cancel(), true)
testing.equal(t:cancel(), false)
testing.equal(t:is_active(), false)
testing.equal(t.next_run, nil)
testing.equal(t.state, "cancelled")
testing.equal(t:join(), true)
testing.equal(q:qsize(), 0)

-- From its own function, whose run goes on to its end.
t = tasks.every(0.001, function(task)
  q:put(task:cancel())
  q:put("still here")
end)
t:join()
testing.equal(q:get_nowait(), true)
testing.equal(q:get_nowait(), "still here")
testing.equal(t.runs, 1)

-- By tasks.current(), where the function is called with arguments of its own.
t = tasks.every(0.001, function(word) q:put(word) require "tasks".current():cancel() end, { args = { "word" } })
t:join()
testing.equal(q:get_nowait(), "word")

-- From another thread, through a queue.
local handles = require "queue".Queue()
local helper = threading.Thread { target = function() handles:get():cancel() end }
helper:start()
t = tasks.every(3600, print)
handles:put(t)
testing.equal(t:join(), true)
helper:join()

-- A run under way ends by itself.
local running, go_on = threading.Event(), threading.Event()
t = tasks.after(0, function() running:set() go_on:wait() q:put("to the end") end)
running:wait()
testing.equal(t:cancel(), true)
testing.equal(t:is_running(), true)
testing.equal(t:join(0), false)
go_on:set()
testing.equal(t:join(), true)
testing.equal(q:get_nowait(), "to the end")
testing.equal(t.state, "cancelled")

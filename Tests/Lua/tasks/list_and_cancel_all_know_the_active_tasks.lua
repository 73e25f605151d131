local testing, tasks = require "testing", require "tasks"
local threading = require "threading"

testing.equal(tasks.list(), {})
local a, b, c = tasks.every(3600, print), tasks.cron("@yearly", print), tasks.after(3600, print)
testing.equal(tasks.list()[1] == a and tasks.list()[2] == b and tasks.list()[3] == c, true)
b:cancel()
testing.equal(#tasks.list(), 2)

-- Those of other threads too.
local maker = threading.Thread { target = function() require "tasks".every(3600, print, { name = "theirs" }) end }
maker:start()
maker:join()
testing.equal(tasks.list()[3].name, "theirs")
local theirs = tasks.list()[3]
testing.equal(tasks.cancel_all(), 3)
testing.equal(tasks.cancel_all(), 0)
for _, t in ipairs { a, b, c, theirs } do testing.equal(t:join(), true) end
testing.equal(tasks.list(), {})

local running, never = threading.Event(), threading.Event()
local t = tasks.after(0, function() running:set() never:wait() end)
running:wait()
testing.equal(tasks.cancel_all(true), 1)
testing.equal(t:join(), true)

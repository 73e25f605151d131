local testing, tasks = require "testing", require "tasks"
local threading = require "threading"
local Queue = require "queue".Queue
local there, back = Queue(), Queue()

local t = tasks.every(3600, print, { name = "shared" })
local helper = threading.Thread { target = function()
  local t = there:get()
  back:put { t, t.name, t.runs, t.state, t.schedule, tostring(t) }
end }
helper:start()
there:put(t)
local item = back:get()
helper:join()
testing.equal(item[1], t)
testing.equal({ table.unpack(item, 2, 5) }, { "shared", 0, "waiting", "every 3600 s" })
testing.equal(item[6], tostring(t))
testing.equal(tasks.Task:is(t), true)
testing.raises("cannot create 'tasks.Task' instances", tasks.Task)
testing.raises("runs", function() t.runs = 5 end)
t:cancel()
t:join()

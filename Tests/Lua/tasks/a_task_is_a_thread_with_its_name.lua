local testing, tasks = require "testing", require "tasks"
local threading = require "threading"
local q = require "queue".Queue()

function poll(task)
  q:put { threading.current_thread().name, threading.current_thread().daemon, tasks.current() == task }
end

local t = tasks.every(3600, poll, { immediate = true })
local item = q:get()
testing.equal(item[1], t.name)
testing.equal(item[2], false)
testing.equal(item[3], true)
assert(t.name:match("^task%-%d+ %(poll%)$"), t.name)
testing.equal(tasks.current(), nil)

local found
for _, thread in ipairs(threading.enumerate()) do found = found or (thread.name == t.name and thread) end
testing.equal(found.daemon, false)
testing.equal(found:is_alive(), true)
testing.contains(tostring(t), "<tasks.Task(" .. t.name .. ", every 3600 s, ")
t:cancel()
found:join()
testing.equal(t:join(), true)

-- Daemon like its maker, unless told otherwise.
local function daemons()
  local tasks, threading = require "tasks", require "threading"
  local function tell() q:put(threading.current_thread().daemon) end
  tasks.after(0, tell):join()
  tasks.after(0, tell, { daemon = false }):join()
end
local maker = threading.Thread { target = daemons, daemon = true }
maker:start()
maker:join()
testing.equal({ q:get(), q:get() }, { true, false })
tasks.after(0, poll, { daemon = true, name = "mine" }):join()
testing.equal(q:get(), { "mine", true, true })

-- A task can make tasks, and wait for any but itself.
local inner = tasks.after(0, function(task)
  local tasks, exceptions = require "tasks", require "exceptions"
  local ok, e = pcall(task.join, task)
  q:put { ok, exceptions.RuntimeError:is(e), tostring(e) }
  q:put(tasks.after(0, function() end):join())
end)
inner:join()
testing.equal(q:get(), { false, true, "cannot join the task that runs this" })
testing.equal(q:get(), true)

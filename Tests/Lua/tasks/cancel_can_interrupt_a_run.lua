local testing, tasks = require "testing", require "tasks"
local threading = require "threading"
local running, never, q = threading.Event(), threading.Event(), require "queue".Queue()

local ways = {
  busy = function() running:set() while true do end end,
  protected = function() running:set() while true do pcall(function() while true do end end) end end,
  waiting = function() running:set() never:wait() end,
  sleeping = function() running:set() require "tasks".sleep(3600) end,
}
for name, body in pairs(ways) do
  for _, how in ipairs { true, { interrupt = true } } do
    running:clear()
    local t = tasks.every(0.001, body, { name = name })
    running:wait()
    testing.equal(t:cancel(how), true, name)
    testing.equal(t:join(), true, name)
    testing.equal(t.state, "cancelled", name)
    testing.equal(t.failures, 0, name)
    testing.equal(t.last_error, nil, name)
  end
end

-- To-be-closed variables get their turn.
running:clear()
local t = tasks.after(0, function()
  local cleanup <close> = setmetatable({}, { __close = function() q:put("cleaned up") end })
  running:set()
  never:wait()
end)
running:wait()
t:cancel(true)
t:join()
testing.equal(q:get_nowait(), "cleaned up")

-- Several runs at once, and a run that interrupts itself.
running:clear()
t = tasks.every(0.001, function() q:put("run") never:wait() end, { overlap = 3 })
for _ = 1, 3 do q:get() end
t:cancel(true)
testing.equal(t:join(), true)
t = tasks.after(0, function(task) task:cancel(true) q:put("not reached") end)
t:join()
testing.equal(q:qsize(), 0)

-- After the fact it asks a run that was only cancelled.
running:clear()
t = tasks.after(0, function() running:set() never:wait() end)
running:wait()
testing.equal(t:cancel(), true)
testing.equal(t:cancel(true), false)
testing.equal(t:join(), true)

-- Cancelling the thread cancels the task.
t = tasks.every(3600, print, { name = "by its thread" })
for _, thread in ipairs(threading.enumerate()) do
  if thread.name == "by its thread" then thread:cancel() thread:join() end
end
testing.equal(t:join(), true)
testing.equal(t.state, "cancelled")

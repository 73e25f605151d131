-- Runs begin at multiples of the period after the start, whatever they take; what a slow one missed is left out.
local testing, tasks = require "testing", require "tasks"
local begun = require "queue".Queue()

local period = 0.02
local t = tasks.every(period, function(task)
  begun:put(task.last_run)
  if task.runs == 2 then require "tasks".sleep(2.5 * period) end
  if task.runs == 4 then task:cancel() end
end)
local first = t.next_run
t:join()
local times = {}
for i = 1, 4 do times[i] = begun:get_nowait() end
-- A slow machine runs late, never early: each run is at or after its own multiple.
for i, multiple in ipairs { 0, 1, 4, 5 } do
  local least = first + multiple * period
  assert(times[i] > least - 0.002, ("run %d began %g s early"):format(i, least - times[i]))
end
testing.equal(t.runs, 4)

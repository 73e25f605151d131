-- Workers take the most urgent job first; jobs that fail are tried again, less urgently; the end waits for all of them.
-- Run it as: nightjar run examples/priority_jobs.lua
local threading = require "threading"
local queue = require "queue"

local jobs = queue.PriorityQueue { key = "priority" } -- lowest first, equal ones in the order in which they came
local log = queue.SimpleQueue()

local function render(job)
  if job.name == "logo" and job.tries < 3 then error("the disk is busy", 0) end
  return job.name .. ".png"
end

local function work()
  for job in jobs:items() do -- until the queue is shut down
    job.tries = job.tries + 1
    local ok, result = pcall(render, job)
    if ok then
      log:put { job.priority, result }
    else
      job.priority = job.priority + 10
      jobs:put(job) -- before task_done: so join does not end in between
    end
    jobs:task_done()
  end
end

jobs:put_many {
  { name = "photo", priority = 5, tries = 0 },
  { name = "logo", priority = 1, tries = 0 },
  { name = "icon", priority = 1, tries = 0 },
}
print("waiting:", #jobs, jobs)

local workers = {}
for i = 1, 2 do
  workers[i] = threading.Thread { target = work }
  workers[i]:start()
end
jobs:join() -- every job is done, those that were put again included
jobs:shutdown() -- ends the loops of the workers
for _, worker in ipairs(workers) do worker:join() end

local done, count = log:get_many(100)
table.sort(done, function(a, b) return a[1] < b[1] end)
for i = 1, count do print(string.format("priority %2d: %s", done[i][1], done[i][2])) end

local _, e = pcall(jobs.put, jobs, { priority = 1 })
print("one more:", queue.ShutDown:is(e))

-- Work on a schedule: a heartbeat that counts, a connection that is tried again, and a job for the night.
local tasks, queue = require "tasks", require "queue"

local journal = queue.Queue()

-- Each task has an interpreter of its own as long as it lives: `beats` is its copy, and counts from run to run.
local beats = 0
local heartbeat = tasks.every(0.02, function(task)
  beats = beats + 1
  journal:put("beat " .. beats)
  if beats == 3 then task:cancel() end
end, { name = "heartbeat" })
heartbeat:join()

-- A run that fails is reported, and `after` with a back-off tries again: 10 ms later, then 20 ms.
local connection = tasks.after(0, function(task)
  if task.runs < 3 then error("connection refused", 0) end
  journal:put("connected at attempt " .. task.runs)
end, { name = "connection", backoff = { initial = 0.01 } })
connection:join()
journal:put(connection.failures .. " failures, the last one: " .. connection.last_error)

-- Times of the day are those of cron. The queue is shared, so the job tells when it is done.
local done = queue.Queue()
local nightly = tasks.cron("30 2 * * MON-FRI", function()
  journal:put("cleaned up")
  done:put(true)
end, { name = "nightly", utc = true })
journal:put("the next night is at " .. os.date("!%H:%M", math.floor(nightly.next_run)))
nightly:run_now()
done:get()
-- Without this the program would wait for the night, as it waits for every thread that is no daemon.
nightly:cancel()

journal:shutdown()
for line in journal:items() do print(line) end

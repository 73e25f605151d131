local testing, tasks = require "testing", require "tasks"

local function near(actual, expected)
  testing.equal(math.type(actual), "float")
  assert(math.abs(actual - expected) < 60, actual .. " is not near " .. expected)
end

local every = tasks.every(1000, print)
near(every.next_run, os.time() + 1000)
testing.equal(every.next_run, every.next_run)
testing.equal(every.last_run, nil)
local after = tasks.after(5000, print)
near(after.next_run, os.time() + 5000)

-- A cron task's next run is exact.
local year = os.date("*t").year + 1
local cron = tasks.cron("0 0 1 1 *", print)
testing.equal(cron.next_run, os.time { year = year, month = 1, day = 1, hour = 0 } + 0.0)
local utc = tasks.cron("30 12 * * *", print, { utc = true })
testing.equal(os.date("!%H:%M:%S", utc.next_run // 1 | 0), "12:30:00")
assert(utc.next_run > os.time() - 1 and utc.next_run <= os.time() + 86400)
local minutely = tasks.cron("* * * * *", print)
testing.equal(minutely.next_run % 60, 0.0)

-- While a run is under way it is that of the run after; and last_run is when this one began.
local q = require "queue".Queue()
local t = tasks.every(1000, function(task) q:put { task.next_run, task.last_run } end)
local due = t.next_run
t:run_now()
local item = q:get()
near(item[1], due)
near(item[2], os.time())
near(t.last_run, os.time())
testing.equal(tasks.cancel_all(), 6)
testing.equal(cron.next_run, nil)

local testing, tasks = require "testing", require "tasks"
local exceptions = require "exceptions"

local bad = {
  ["61 * * * *"] = "minute: '61' is out of range (allowed: 0-59)",
  ["* 24 * * *"] = "hour: '24' is out of range (allowed: 0-23)",
  ["* * 32 * *"] = "day of month: '32' is out of range (allowed: 1-31)",
  ["* * * 0 *"] = "month: '0' is out of range (allowed: 1-12 or JAN-DEC)",
  ["* * * * FOO"] = "day of week: 'FOO' is neither a number nor a name that is known (allowed: 0-7 or SUN-SAT)",
  ["*/0 * * * *"] = "minute: '0' is no step (1-60)",
  ["* * * *"] = "5 fields expected",
  [""] = "5 fields expected",
  ["@sometimes"] = "'@sometimes' is not one of @hourly",
  ["0 0 31 2 *"] = "there is no such date in any year",
}
for expression, problem in pairs(bad) do
  local e = testing.raises(exceptions.ValueError, problem, tasks.cron, expression, print)
  testing.contains(e, "bad cron expression '" .. expression .. "'")
end
testing.raises(exceptions.TypeError, "bad argument #1 to 'cron' (expression: string expected, got table)", tasks.cron, {}, print)

for _, good in ipairs { "*/5 9-17 * JAN,mar-MAY MON-FRI", "0 0 * * 7", "@hourly", "@daily", "@weekly", "@monthly",
  "@yearly", "@midnight", "0 0 29 2 *" } do
  local t = tasks.cron(good, print)
  assert(t.next_run > os.time() - 1, good)
  testing.equal(t.schedule, "cron '" .. good .. "'")
  t:cancel()
end

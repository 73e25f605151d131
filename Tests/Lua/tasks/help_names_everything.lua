local testing, tasks = require "testing", require "tasks"
local lines
local old = print
print = function(text) lines = text end
tasks.help()
for _, name in ipairs { "every", "after", "cron", "sleep", "current", "list", "cancel_all", "Task" } do
  testing.contains(lines, "\n" .. name .. " ")
  assert(tasks[name], name)
end
tasks.help("every")
testing.contains(lines, "every so many seconds")
print = old

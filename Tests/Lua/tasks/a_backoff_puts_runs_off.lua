local testing, tasks = require "testing", require "tasks"
local threading, exceptions = require "threading", require "exceptions"
local begun = require "queue".Queue()
threading.excepthook = function() end

local function times(t)
  t:join()
  local list = {}
  while not begun:empty() do list[#list + 1] = begun:get_nowait() end
  return list
end

-- Runs are never earlier than the delays ask for: 2, 4, 8 periods, then one again after a success.
local list = times(tasks.every(0.01, function(task)
  begun:put(task.last_run)
  if task.runs == 5 then return end
  if task.runs == 6 then task:cancel() return end
  error("not yet")
end, { backoff = true }))
testing.equal(#list, 6)
-- The last two are the failure with the longest delay, and the success that ends it.
for i, periods in ipairs { 2, 4, 8, 16 } do
  local gap = list[i + 1] - list[1]
  local least = 0
  for k = 1, i do least = least + 2 ^ k end
  assert(gap > least * 0.01 - 0.005 - 0.01, ("run %d came %g s after the first, at least %d periods were due"):format(
    i + 1, gap, least))
end

-- A task for one run tries until it succeeds.
local once = tasks.after(0, function(task)
  begun:put(task.last_run)
  if task.runs < 4 then error("again") end
end, { backoff = { initial = 0.004, factor = 2, max = 0.008 } })
list = times(once)
testing.equal(#list, 4)
testing.equal(once.state, "finished")
testing.equal(once.failures, 3)
assert(list[4] - list[1] > 0.004 + 0.008 + 0.008 - 0.001)

-- Without, nothing is put off: the failing task runs as often as asked.
local plain = tasks.every(0.002, function(task)
  if task.runs == 5 then task:cancel() end
  error("always")
end)
plain:join()
testing.equal(plain.failures, 5)
threading.excepthook = threading.__excepthook__

for _, bad in ipairs { { initial = 0 }, { factor = 0.5 }, { max = -1 } } do
  testing.raises(exceptions.ValueError, "backoff: ", tasks.every, 1, print, { backoff = bad })
end
testing.raises(exceptions.TypeError, "unknown name 'base' (known: initial, factor, max)", tasks.every, 1, print,
  { backoff = { base = 2 } })
testing.raises(exceptions.TypeError, "factor is to be a number", tasks.every, 1, print, { backoff = { factor = {} } })
testing.raises(exceptions.TypeError, "true or {initial=, factor=, max=} expected, got number", tasks.every, 1, print,
  { backoff = 3 })

local testing, tasks = require "testing", require "tasks"
local exceptions = require "exceptions"

local co = coroutine.create(print)
testing.raises(exceptions.TypeError, "cannot pass to another thread: target.upvalue 'co': a coroutine", tasks.every, 1,
  function() return co end)
testing.raises(exceptions.TypeError, "args[2].x: a coroutine", tasks.after, 0, print, { args = { 1, { x = co } } })
testing.equal(#tasks.list(), 0)
testing.equal(require "threading".active_count(), 1)

-- To-be-closed variables run, the innermost first, and may do whatever they like within the grace.
local testing = require "testing"
local threading = require "threading"
local queue = require "queue"

local function closing(f) return setmetatable({}, { __close = f }) end
local function cancelled(body, ...)
  local started, log = threading.Event(), queue.Queue()
  local thread = threading.Thread { target = body, args = { started, log, ... } }
  thread:start()
  started:wait()
  thread:cancel(60)
  thread:join()
  testing.equal(thread.state, "cancelled")
  local found = {}
  while not log:empty() do found[#found + 1] = log:get() end
  return found
end

testing.equal(cancelled(function(started, log)
  local a <close> = closing(function() log:put("a") log:put("a again") end)
  local b <close> = closing(function() for i = 1, 3 do log:put(i) end end)
  started:set()
  while true do end
end), { 1, 2, 3, "a", "a again" })

-- They may wait, compute, and catch errors.
testing.equal(cancelled(function(started, log)
  local x <close> = closing(function()
    local event = threading.Event()
    event:wait(0.02)
    for _ = 1, 200000 do end
    log:put((pcall(error, "x")))
    log:put((os.execute("true")))
    log:put(io.popen("echo read"):read())
    local inner <close> = closing(function() log:put("inner") end)
    log:put(coroutine.wrap(function() return "coroutine" end)())
  end)
  started:set()
  queue.Queue():get()
end), { false, true, "read", "coroutine", "inner" })

-- What is handed to them is an error that is none of a script's.
testing.equal(cancelled(function(started, log)
  local x <close> = closing(function(_, e) log:put(tostring(e):find("interrupted") ~= nil) end)
  started:set()
  while true do pcall(function() while true do end end) end
end), { true })

-- Those of coroutines run too, the innermost coroutine's first.
testing.equal(cancelled(function(started, log)
  local x <close> = closing(function() log:put("main") end)
  local co = coroutine.wrap(function()
    local y <close> = closing(function() log:put("outer") end)
    local inner = coroutine.create(function()
      local z <close> = closing(function() log:put("inner") end)
      started:set()
      while true do pcall(function() while true do end end) end
    end)
    while true do coroutine.resume(inner) end
  end)
  co()
end), { "inner", "outer", "main" })

testing.equal(cancelled(function(started, log)
  local co = coroutine.wrap(function()
    local y <close> = closing(function() log:put("waited") end)
    started:set()
    queue.Queue():get()
  end)
  pcall(co)
end), { "waited" })

-- A generator of a loop.
testing.equal(cancelled(function(started, log)
  local generator = function() started:set() return 1 end
  for _ in generator, nil, nil, closing(function() log:put("loop") end) do end
end), { "loop" })

-- The grace bounds what to-be-closed variables do: then computing, waiting and blocking end for good.
local testing = require "testing"
local threading = require "threading"

local function endless() while true do end end
local ways = {
  computes = endless,
  catches = function() while true do pcall(endless) end end,
  waits = function() threading.Event():wait() end,
  waits_again_and_again = function() while true do pcall(function() threading.Event():wait() end) end end,
  runs_a_child = function() os.execute("sleep 100") end,
  closes_a_child = function() io.popen("sleep 100"):close() end,
  resumes = function() while true do coroutine.wrap(endless)() end end,
}
for name, body in pairs(ways) do
  for _, running in ipairs { true, false } do
    local started, inside, others = threading.Event(), threading.Event(), threading.Event()
    local function run()
      local y <close> = setmetatable({}, { __close = function() others:set() end })
      do
        local x <close> = setmetatable({}, { __close = function() inside:set() body() end })
        started:set()
        if not running then endless() end
      end
    end
    local thread = threading.Thread { target = run, name = name }
    thread:start();
    (running and inside or started):wait()
    thread:cancel(0.05)
    thread:join()
    testing.equal({ thread.state, inside:is_set(), others:is_set() }, { "cancelled", true, false }, name)
  end
end

-- Without any grace nothing runs any more. A shorter one counts, a longer one does not.
local started, closed = threading.Event(), threading.Event()
local function close_slowly(seconds)
  local x <close> = setmetatable({}, { __close = function() threading.Event():wait(seconds) closed:set() end })
  started:set()
  endless()
end
local thread = threading.Thread { target = close_slowly, args = { 0 } }
thread:start()
started:wait()
thread:cancel(0)
thread:join()
testing.equal({ thread.state, closed:is_set() }, { "cancelled", false })

started:clear()
thread = threading.Thread { target = close_slowly, args = { 1000 } }
thread:start()
started:wait()
thread:cancel(1000)
thread:cancel(0.05)
thread:cancel(1000)
thread:join()
testing.equal({ thread.state, closed:is_set() }, { "cancelled", false })

testing.raises(require "exceptions".ValueError, "non-negative", thread.cancel, thread, -1)
testing.raises(require "exceptions".TypeError, thread.cancel, thread, "soon")

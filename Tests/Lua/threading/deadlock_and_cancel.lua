-- A thread that waits to be cancelled, by a thread that waits for it: the cancelling one is at work, and the other's end is near.
local testing = require "testing"
local threading = require "threading"

threading.excepthook = function() end
for round = 1, 40 do
  local never, ready = threading.Event(), threading.Event()
  local closing = 0
  local thread = threading.Thread {
    target = function()
      local cleaned <close> = setmetatable({}, { __close = function()
        -- On its way out it waits as long as its grace lets it; that is no deadlock.
        if round == 40 then threading.Event():wait() end
      end })
      ready:set()
      never:wait()
    end,
  }
  thread:start()
  ready:wait()
  -- Now and then a look for deadlocks comes first, or at the same time: work of different lengths, which is no wait.
  if round % 4 == 0 then for _ = 1, round * 50000 do end end
  thread:cancel()
  thread:join()
  assert(thread.state == "cancelled" or thread.state == "failed", thread.state)
end

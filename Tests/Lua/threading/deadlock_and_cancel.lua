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
  -- Now and then the report comes first, or at the same time.
  if round % 4 == 0 then os.execute("sleep 0.0" .. (round % 3 + 4)) end
  thread:cancel()
  thread:join()
  assert(thread.state == "cancelled" or thread.state == "failed", thread.state)
end

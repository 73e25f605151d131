-- A cancelled wait takes the lock back, because what follows supposes to have it; but not for ever.
local testing = require "testing"
local threading = require "threading"

for _, lock in ipairs { threading.Lock(), threading.RLock() } do
  local condition, ready, cleaned = threading.Condition(lock), threading.Event(), threading.Event()
  local function wait()
    local held <close> = condition:hold()
    local after <close> = setmetatable({}, { __close = function() cleaned:set() end })
    ready:set()
    condition:wait()
  end

  -- The lock is free: the clean-up has it, and gives it back.
  local thread = threading.Thread { target = wait }
  thread:start()
  ready:wait()
  thread:cancel()
  thread:join()
  testing.equal({ thread.state, cleaned:is_set(), lock:locked() }, { "cancelled", true, false })

  -- The canceller keeps it: the thread ends all the same, and does not release what it does not hold.
  ready:clear()
  thread = threading.Thread { target = wait }
  thread:start()
  ready:wait()
  lock:acquire()
  thread:cancel()
  thread:join()
  testing.equal({ thread.state, lock:locked() }, { "cancelled", true })
  lock:release()
  testing.equal(lock:locked(), false)
end

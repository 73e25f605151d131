-- The lock of a condition is held again, as deeply as before, when a wait is ended; the to-be-closed guard gives it back.
local testing = require "testing"
local threading = require "threading"

for _, lock in ipairs { threading.RLock(), threading.Lock() } do
  local condition = threading.Condition(lock)
  local function wait(isDeep)
    local held <close> = condition:hold()
    if isDeep then lock:acquire() end
    local ok, e = pcall(condition.wait, condition)
    assert(not ok and threading.DeadlockError:is(e), e)
    testing.contains(e, "which any thread could notify")
    assert(lock:locked())
    condition:notify()
    if isDeep then lock:release() end
  end
  local isDeep = lock ~= nil and tostring(lock):find "RLock" ~= nil
  local threads = {}
  for i = 1, 3 do
    threads[i] = threading.Thread { target = wait, args = { isDeep } }
    threads[i]:start()
  end
  for _, thread in ipairs(threads) do thread:result() end
  testing.equal(lock:locked(), false)
end

-- A plain lock has no owner: who waits without holding it is found out when its holder releases it, and never by a crash.
local testing = require "testing"
local threading = require "threading"
local RuntimeError = require "exceptions".RuntimeError

local lock = threading.Lock()
local condition = threading.Condition(lock)
local stop = threading.Event()
local holder = threading.Thread {
  target = function()
    while not stop:is_set() do
      lock:acquire()
      pcall(lock.release, lock)
    end
  end,
}
holder:start()
for _ = 1, 2000 do
  local ok, result = pcall(condition.wait, condition, 0)
  assert(ok and result == false or RuntimeError:is(result), result)
  -- The wait has taken the lock that it released.
  if ok then pcall(lock.release, lock) end
end
stop:set()
holder:join()
testing.equal(lock:locked(), false)
testing.contains(tostring(condition), ", 0)>") -- nobody is left in its line

-- A thread that ended with a lock: nobody will release it. The thread after it, on the same worker perhaps, does not count as its holder.
local testing = require "testing"
local threading = require "threading"

for _, lock in ipairs { threading.Lock(), threading.RLock() } do
  local leaver = threading.Thread { target = function() lock:acquire() end }
  leaver:start()
  leaver:join()
  local late = threading.Thread { name = "late", target = function() return select(2, pcall(lock.acquire, lock)) end }
  late:start()
  local e = late:result()
  assert(threading.DeadlockError:is(e), e)
  testing.contains(tostring(e):match("late waits[^\n]*"), ", held by a thread that has ended")
end

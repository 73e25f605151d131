local testing = require "testing"
local threading = require "threading"

local function shown(value, pattern)
  if not tostring(value):find("^" .. pattern .. "$") then error(tostring(value) .. " is not like " .. pattern, 2) end
end

local lock, recursive, me = threading.Lock(), threading.RLock(), threading.get_ident()
shown(lock, "<unlocked threading.Lock object at 0x%x+>")
shown(recursive, "<unlocked threading.RLock object owner=0 count=0 at 0x%x+>")
lock:acquire()
recursive:acquire()
recursive:acquire()
shown(lock, "<locked threading.Lock object at 0x%x+>")
shown(recursive, "<locked threading.RLock object owner=" .. me .. " count=2 at 0x%x+>")
shown(threading.Condition(recursive), "<Condition%(<locked threading.RLock object .*>, 0%)>")

local semaphore = threading.Semaphore(3)
shown(semaphore, "<threading.Semaphore at 0x%x+: value=3>")
semaphore:acquire()
shown(semaphore, "<threading.Semaphore at 0x%x+: value=2>")
shown(threading.BoundedSemaphore(3), "<threading.BoundedSemaphore at 0x%x+: value=3/3>")

local event = threading.Event()
shown(event, "<threading.Event at 0x%x+: unset>")
event:set()
shown(event, "<threading.Event at 0x%x+: set>")

local barrier = threading.Barrier(3)
shown(barrier, "<threading.Barrier at 0x%x+: waiters=0/3>")
local waiter = threading.Thread { target = function() pcall(barrier.wait, barrier) end }
waiter:start()
while barrier.n_waiting < 1 do threading.Event():wait(0.001) end
shown(barrier, "<threading.Barrier at 0x%x+: waiters=1/3>")
barrier:abort()
shown(barrier, "<threading.Barrier at 0x%x+: broken>")
waiter:join()

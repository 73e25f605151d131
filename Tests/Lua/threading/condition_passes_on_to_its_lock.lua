local testing = require "testing"
local threading = require "threading"

-- Without a lock it makes a recursive one.
local condition = threading.Condition()
testing.equal({ condition:acquire(), condition:acquire() }, { true, true })
testing.equal(condition:locked(), true)
local other = threading.Thread { target = function() return condition:acquire(false), condition:locked() end }
other:start()
testing.equal({ other:result() }, { false, true })
condition:release()
condition:release()
testing.equal(condition:locked(), false)

-- A given lock is the same lock from both sides.
local lock = threading.Lock()
condition = threading.Condition { lock = lock }
condition:acquire()
testing.equal({ lock:locked(), lock:acquire(false) }, { true, false })
condition:release()
testing.equal(lock:acquire(false), true)
testing.equal({ condition:acquire(false), condition:acquire { timeout = 0.001 } }, { false, false })
lock:release()
do
  local held <close> = condition:hold()
  testing.equal(lock:locked(), true)
end
testing.equal(lock:locked(), false)

testing.raises(require "exceptions".TypeError, "Lock or RLock expected, got Semaphore", threading.Condition,
  threading.Semaphore())
testing.raises(require "exceptions".TypeError, "Lock or RLock expected, got table", threading.Condition, { lock = {} })

local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"

local lock = threading.Lock()
testing.equal({ lock:locked(), lock:acquire(), lock:locked() }, { false, true, true })
testing.equal(lock:acquire(false), false)
testing.equal(lock:acquire(true, 0.01), false)
testing.equal(lock:acquire { blocking = false }, false)
testing.raises(exceptions.ValueError, "can't specify a timeout for a non-blocking call", lock.acquire, lock, false, 1)
testing.raises(exceptions.ValueError, "timeout value must be a non-negative number", lock.acquire, lock, true, -2)
testing.raises(exceptions.OverflowError, "timeout value is too large", lock.acquire, lock, true, 1e100)

-- Any thread may release it.
local t = threading.Thread { target = function() lock:release() end }
t:start()
t:join()
testing.equal(lock:locked(), false)
testing.raises(exceptions.RuntimeError, "release unlocked lock", lock.release, lock)

-- A guard releases at the end of the block, also after an error.
do
  local held <close> = lock:hold()
  assert(lock:locked())
end
assert(not lock:locked())
pcall(function() local held <close> = lock:hold() error("oops") end)
assert(not lock:locked())

local r = threading.RLock()
testing.equal({ r:acquire(), r:acquire() }, { true, true })
r:release()
local other = threading.Thread { target = function() return r:acquire(false), pcall(r.release, r) end }
other:start()
local acquired, released, problem = other:result()
testing.equal({ acquired, released }, { false, false })
assert(exceptions.RuntimeError:is(problem))
r:release()
testing.raises(exceptions.RuntimeError, "cannot release un-acquired lock", r.release, r)

-- A lock keeps a counter that threads share through a queue of one.
local q = require "queue".Queue()
q:put(0)
local threads = {}
for i = 1, 4 do
  threads[i] = threading.Thread {
    target = function()
      for _ = 1, 100 do
        local held <close> = lock:hold()
        q:put(q:get() + 1)
      end
    end,
  }
  threads[i]:start()
end
for _, t in ipairs(threads) do t:join() end
testing.equal(q:get(), 400)

local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

for _, make in ipairs { threading.Lock, threading.RLock, threading.Condition } do
  local lock, finished, ready = make(), Queue(), Queue()
  -- One that is taken is not to be had by others, with or without a time.
  lock:acquire()
  local t = threading.Thread { target = function() return lock:acquire(false), lock:acquire(true, 0.001), lock:acquire(true, 0) end }
  t:start()
  testing.equal({ t:result() }, { false, false, false })
  -- Those who wait get it one after the other.
  local threads = {}
  for i = 1, 5 do
    threads[i] = threading.Thread {
      target = function()
        ready:put(true)
        lock:acquire()
        lock:release()
        finished:put(true)
      end,
    }
    threads[i]:start()
  end
  for _ = 1, 5 do ready:get() end
  testing.equal(finished:qsize(), 0)
  lock:release()
  for _, thread in ipairs(threads) do thread:join() end
  testing.equal({ finished:qsize(), lock:locked(), lock:acquire(false) }, { 5, false, true })
  lock:release()
end

-- A plain lock that its holder takes again is let go by another thread; after a time that was up it is as it was.
local lock, phase = threading.Lock(), Queue()
local twice = threading.Thread {
  target = function()
    lock:acquire()
    phase:put(1)
    lock:acquire()
    phase:put(2)
  end,
}
twice:start()
testing.equal(phase:get(), 1)
testing.equal(lock:acquire(true, 0.001), false)
lock:release()
testing.equal(phase:get(), 2)
twice:join()
testing.equal({ lock:locked(), lock:acquire(true, 0.01) }, { true, false })
lock:release()
testing.equal({ lock:locked(), lock:acquire(false) }, { false, true })

-- The owner of a recursive one may ask in any way.
local recursive = threading.RLock()
testing.equal({ recursive:acquire(), recursive:acquire(false), recursive:acquire(true, 0), recursive:acquire { timeout = 5 } },
  { true, true, true, true })
testing.contains(tostring(recursive), "count=4")
for _ = 1, 4 do recursive:release() end
testing.equal(recursive:locked(), false)

local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue
local exceptions = require "exceptions"

for _, class in ipairs { threading.Semaphore, threading.BoundedSemaphore } do
  local semaphore = class(2)
  testing.equal({ semaphore:acquire(), semaphore:acquire(false), semaphore:acquire(false) }, { true, true, false })
  testing.equal({ semaphore:acquire(true, 0.001), semaphore:acquire { timeout = 0 } }, { false, false })
  testing.equal(semaphore:acquire(true, -1), false) -- no error, as in Python: no time
  semaphore:release()
  testing.equal(semaphore:acquire { blocking = true, timeout = 10 }, true)
  semaphore:release(2)
  testing.equal({ semaphore:acquire(false), semaphore:acquire(false), semaphore:acquire(false) }, { true, true, false })

  testing.raises(exceptions.ValueError, "semaphore initial value must be >= 0", class, -1)
  testing.raises(exceptions.ValueError, "semaphore initial value must be >= 0", class, { value = math.mininteger })
  testing.raises(exceptions.TypeError, "value: ", class, "2")
  testing.raises(exceptions.TypeError, "(known: value)", class, { values = 2 })
  testing.raises(exceptions.ValueError, "n must be one or more", semaphore.release, semaphore, 0)
  testing.raises(exceptions.ValueError, "n must be one or more", semaphore.release, semaphore, -1)
  testing.raises(exceptions.ValueError, "can't specify timeout for non-blocking acquire", semaphore.acquire, semaphore,
    false, 1)
  testing.raises(exceptions.ValueError, "can't specify timeout for non-blocking acquire", semaphore.acquire, semaphore,
    { blocking = false, timeout = 0 })
  testing.equal(tostring(class()):match("value=(%d+)"), "1") -- the default
end

-- Seven permits for ten threads that want two each.
local semaphore, done = threading.Semaphore(7), Queue()
semaphore:acquire()
local threads = {}
for i = 1, 10 do
  threads[i] = threading.Thread {
    target = function()
      done:put(semaphore:acquire())
      done:put(semaphore:acquire())
    end,
  }
  threads[i]:start()
end
local function take(count)
  for _ = 1, count do testing.equal(done:get(), true) end
  testing.equal({ done:qsize(), semaphore:acquire(false) }, { 0, false })
end
take(6)
semaphore:release(7)
take(7)
for _ = 1, 6 do semaphore:release() end
take(6)
semaphore:release()
take(1)
for _, thread in ipairs(threads) do thread:join() end

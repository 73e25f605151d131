local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"

local function is_free(primitive)
  if not primitive:acquire(false) then return false end
  primitive:release()
  return true
end
local function primitives()
  return ipairs {
    threading.Lock(), threading.Condition(threading.Lock()), threading.Semaphore(), threading.BoundedSemaphore(),
  }
end

for _, primitive in primitives() do
  do
    local held <close> = primitive:hold()
    testing.equal(is_free(primitive), false)
  end
  testing.equal(is_free(primitive), true)
  local _, problem = pcall(function()
    local held <close> = primitive:hold()
    error("an error in the block")
  end)
  testing.contains(problem, "an error in the block")
  testing.equal(is_free(primitive), true)

  -- By hand, and again: the second time does nothing.
  local held = primitive:hold()
  held:release()
  held:release()
  testing.equal(is_free(primitive), true)
  do
    local held <close> = primitive:hold()
    held:release()
    testing.equal(is_free(primitive), true)
  end
  primitive:acquire()
  held:release()
  testing.equal(is_free(primitive), false)
  primitive:release()

  -- A forgotten one is released by the collector, at the end of its thread at the latest.
  primitive:hold()
  collectgarbage()
  testing.equal(is_free(primitive), true)
  local forgetful = threading.Thread { target = function() kept = primitive:hold() end }
  forgetful:start()
  forgetful:join()
  testing.equal(primitive:acquire(), true)
  primitive:release()
end

-- What was released by hand in the block is released too often at its end, and that is said.
local lock = threading.Lock()
testing.raises(exceptions.RuntimeError, "release unlocked lock", function()
  local held <close> = lock:hold()
  lock:release()
end)
local recursive = threading.RLock()
do
  local outer <close> = recursive:hold()
  local inner <close> = recursive:hold()
  testing.contains(tostring(recursive), "count=2")
end
testing.equal(recursive:locked(), false)
testing.raises(exceptions.TypeError, "a userdata (threading.LockGuard)", require "queue".Queue().put, require "queue".Queue(),
  lock:hold())

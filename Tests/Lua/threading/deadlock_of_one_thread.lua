-- A thread that waits where nobody can ever wake it is told, whatever it waits for, and can go on.
local testing = require "testing"
local threading, queue, exceptions = require "threading", require "queue", require "exceptions"

local full = queue.Queue(1)
full:put(1)
local lock, rlock, condition = threading.Lock(), threading.RLock(), threading.Condition()
lock:acquire()

local calls = {
  ["Lock.acquire"] = function() lock:acquire() end,
  ["Event.wait"] = function() threading.Event():wait() end,
  ["Semaphore.acquire"] = function() threading.Semaphore(0):acquire() end,
  ["Barrier.wait"] = function() threading.Barrier(2):wait() end,
  ["Queue.get"] = function() queue.PriorityQueue():get() end,
  ["Queue.put"] = function() full:put(2) end,
  ["Queue.join"] = function() full:join() end,
  ["Condition.wait"] = function()
    local held <close> = condition:hold()
    condition:wait()
  end,
}
for name, call in pairs(calls) do
  local e = testing.raises(threading.DeadlockError, call)
  testing.contains(e, "deadlock: MainThread waits")
  testing.contains(e, "MainThread waits in " .. name .. " at " .. debug.getinfo(1, "S").short_src .. ":")
  assert(exceptions.RuntimeError:is(e) and not exceptions.TimeoutError:is(e))
end

-- The other ways into the same waits.
local bounded = threading.BoundedSemaphore(1)
bounded:acquire()
for _, call in ipairs {
  function() bounded:acquire() end,
  function() local held <close> = lock:hold() end,
  function() local held <close> = bounded:hold() end,
  function()
    local held <close> = condition:hold()
    condition:wait_for(function() return false end)
  end,
  function() queue.SimpleQueue():get() end,
  function() queue.LifoQueue():get() end,
  function() queue.Queue():get_many(3) end,
  function() full:put_many { 2, 3 } end,
  function() for _ in queue.Queue():items() do end end,
} do
  testing.raises(threading.DeadlockError, call)
end

-- Nothing is left of it.
testing.equal({ full:qsize(), full.unfinished_tasks, lock:locked(), condition:locked() }, { 1, 1, true, false })
lock:release()
assert(lock:acquire() and rlock:acquire() and rlock:acquire())
testing.equal(full:get(), 1)

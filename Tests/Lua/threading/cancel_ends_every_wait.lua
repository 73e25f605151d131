-- A thread that waits for anything of ours ends when it is cancelled, and leaves the object as if it had not come.
local testing = require "testing"
local threading = require "threading"
local queue = require "queue"

local never, lock, rlock = threading.Event(), threading.Lock(), threading.RLock()
local condition, semaphore = threading.Condition(), threading.Semaphore(0)
local bounded = threading.BoundedSemaphore(1)
local empty, full, unfinished = queue.Queue(), queue.Queue(1), queue.Queue()
local stack, sorted, simple = queue.LifoQueue(), queue.PriorityQueue(), queue.SimpleQueue()
lock:acquire()
rlock:acquire()
bounded:acquire()
full:put(1)
unfinished:put(1)
local waiting = threading.Thread { target = function() never:wait() end, daemon = true }
waiting:start()

local ways = {
  event = function() never:wait() end,
  event_with_timeout = function() never:wait(1000) end,
  lock = function() lock:acquire() end,
  lock_with_timeout = function() lock:acquire(true, 1000) end,
  held_lock = function() local held <close> = lock:hold() end,
  rlock = function() rlock:acquire() end,
  semaphore = function() semaphore:acquire() end,
  bounded_semaphore = function() bounded:acquire() end,
  condition = function() local held <close> = condition:hold() condition:wait() end,
  condition_wait_for = function()
    local held <close> = condition:hold()
    condition:wait_for(function() return false end)
  end,
  get = function() empty:get() end,
  get_with_timeout = function() empty:get(true, 1000) end,
  put = function() full:put(2) end,
  items = function() for _ in empty:items() do end end,
  get_many = function() empty:get_many(10) end,
  put_many = function() full:put_many { 2, 3 } end,
  lifo = function() stack:get() end,
  priority = function() sorted:get() end,
  simple = function() simple:get() end,
  sleep = function() local wait = require "tasks".sleep wait(1000) end,
  join_of_queue = function() unfinished:join() end,
  join_of_thread = function() waiting:join() end,
  result_of_thread = function() waiting:result() end,
}
for name, body in pairs(ways) do
  local started = threading.Event()
  -- Not even in a loop that catches all errors.
  local thread = threading.Thread { target = function() started:set() while true do pcall(body) end end, name = name }
  thread:start()
  started:wait()
  thread:cancel()
  thread:join()
  testing.equal(thread.state, "cancelled", name)
end

semaphore:release()
testing.equal({ semaphore:acquire(false), semaphore:acquire(false) }, { true, false })
testing.equal(lock:locked(), true)
lock:release()
testing.equal({ lock:acquire(false), lock:acquire(false) }, { true, false })
testing.equal(condition:acquire(false), true)
testing.equal({ empty:qsize(), full:qsize(), full:get() }, { 0, 1, 1 })
never:set()

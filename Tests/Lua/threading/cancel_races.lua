-- Threads that are cancelled at the moment they are given something: it is either theirs or still there.
local testing = require "testing"
local threading = require "threading"
local queue = require "queue"

local rounds, seed = 400, tonumber(os.getenv("NIGHTJAR_SEED")) or 4711
math.randomseed(seed)
local function pause() for _ = 1, math.random(0, 3000) do end end

-- Starts a thread that waits, gives it what it waits for and cancels it, in either order.
local function race(wait, give)
  local ready = threading.Event()
  local thread = threading.Thread { target = wait, args = { ready } }
  thread:start()
  if math.random(4) > 1 then ready:wait() end
  local first, second = give, function() thread:cancel() end
  if math.random(2) == 1 then first, second = second, first end
  pause()
  first()
  pause()
  second()
  return thread
end

local items, got = queue.Queue(), queue.Queue()
local function get(ready)
  ready:set()
  got:put(items:get())
end
for i = 1, rounds do
  race(get, function() items:put(i) end):join()
  -- Between taking and noting lies one instruction, at which it may be cancelled.
  testing.equal(items:qsize() + got:qsize() <= 1, true, seed)
  while not items:empty() do items:get() end
  while not got:empty() do testing.equal(got:get(), i, seed) end
end

local full = queue.Queue(1)
local function put(ready)
  ready:set()
  full:put("second")
end
for _ = 1, rounds do
  full:put("first")
  local thread = race(put, function() testing.equal(full:get(), "first", seed) end)
  thread:join()
  testing.equal(full:qsize() <= 1, true, seed)
  if thread.state == "finished" then testing.equal(full:get(), "second", seed) end
  while not full:empty() do testing.equal(full:get(), "second", seed) end
end

local lock, inside = threading.Lock(), 0
local function hold(ready)
  ready:set()
  local held <close> = lock:hold()
end
for _ = 1, rounds do
  lock:acquire()
  race(hold, function() lock:release() end):join()
  -- Interpreters close after their threads have ended.
  testing.equal(lock:acquire(true, 30), true, seed)
  lock:release()
end

local semaphore = threading.Semaphore(0)
local function permit(ready)
  ready:set()
  local held <close> = semaphore:hold()
end
for _ = 1, rounds do
  race(permit, function() semaphore:release() end):join()
  testing.equal(semaphore:acquire(true, 30), true, seed)
  testing.equal(semaphore:acquire(false), false, seed)
end

local condition, woken = threading.Condition(), queue.Queue()
local function be_notified(ready)
  local held <close> = condition:hold()
  ready:set()
  condition:wait()
  woken:put(true)
end
for _ = 1, rounds do
  local thread = race(be_notified, function()
    local held <close> = condition:hold()
    condition:notify()
  end)
  thread:join()
  testing.equal(condition:acquire(true, 30), true, seed)
  condition:release()
end

-- As Python's users write them: cv.wait_for(predicate, timeout=1) is cv:wait_for(predicate, {timeout = 1}).
local testing = require "testing"
local threading, queue, futures = require "threading", require "queue", require "futures"
local TypeError = require "exceptions".TypeError

local condition, lock, semaphore = threading.Condition(), threading.Lock(), threading.Semaphore(0)
condition:acquire()
testing.equal(condition:wait_for(function() return false end, { timeout = 0 }), false)
testing.equal(condition:wait_for(function() return "yes" end, {}), "yes")
testing.equal({ lock:acquire(true, { timeout = 0 }), lock:acquire(true, { timeout = 0 }) }, { true, false })
testing.equal(semaphore:acquire(true, { timeout = 0 }), false)
testing.raises(threading.BrokenBarrierError, function() threading.Barrier(2, { timeout = 0 }):wait() end)

local q = queue.PriorityQueue(3, { key = "at" })
testing.raises(queue.Empty, q.get, q, true, { timeout = 0 })
testing.raises(queue.Empty, q.get_many, q, 2, { timeout = 0 })
testing.contains(q, "maxsize=3 qsize=0 key='at'")

local function echo(...) return table.pack(...) end
local thread = threading.Thread(nil, echo, { args = { 1, 2 }, daemon = true })
testing.equal(thread.daemon, true)
thread:start()
testing.equal(thread:result(), { 1, 2, n = 2 })
local timer = threading.Timer(0, { target = echo, kwargs = { key = "value" } })
timer:start()
testing.equal(timer:result(), { { key = "value" }, n = 1 })
local ex <close> = futures.ThreadPoolExecutor(1, { thread_name_prefix = "named" })
testing.equal(ex:submit(function() return threading.current_thread().name end):result(), "named_0")

-- A table in the place of a parameter that takes one is its value, whatever it is called inside.
thread = threading.Thread(nil, echo, "n", { 1 }, { daemon = "a keyword of the target's" })
thread:start()
testing.equal({ thread.daemon, thread:result() }, { false, { 1, { daemon = "a keyword of the target's" }, n = 2 } })
timer = threading.Timer(0, echo, {}, { args = "another" })
timer:start()
testing.equal(timer:result(), { { args = "another" }, n = 1 })
-- Items of a queue are never names.
local items = queue.Queue()
items:put { block = false }
testing.equal(items:get(), { block = false })

-- Mistakes are told as elsewhere.
testing.raises(TypeError, "wait_for() got an unexpected named argument 'tiemout' (known: predicate, timeout)", condition.wait_for,
  condition, print, { tiemout = 1 })
testing.raises(TypeError, "acquire() got multiple values for argument 'blocking'", lock.acquire, lock, true, { blocking = false })
testing.raises(TypeError, "timeout: number expected, got table", lock.acquire, lock, true, { 1 })

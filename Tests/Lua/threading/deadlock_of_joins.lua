-- Threads that wait for each other's ends are all told, since no other can be.
local testing = require "testing"
local threading, queue = require "threading", require "queue"

local boxes, threads = { queue.Queue(), queue.Queue() }, {}
for i = 1, 2 do
  threads[i] = threading.Thread {
    target = function(box)
      local other = box:get()
      return select(2, pcall(i == 1 and other.join or other.result, other))
    end,
    args = { boxes[i] },
  }
  threads[i]:start()
end
boxes[1]:put(threads[2])
boxes[2]:put(threads[1])
for i = 1, 2 do
  local e = threads[i]:result()
  assert(threading.DeadlockError:is(e))
  testing.contains(e, "deadlock: Thread-1 and Thread-2 wait for each other")
  testing.contains(e, "Thread-1 waits in Thread.join at ")
end

-- Who joins the main thread, which waits for it, is told whom it waits for.
local joiner = threading.Thread {
  name = "joiner",
  target = function() return select(2, pcall(threading.main_thread().join, threading.main_thread())) end,
}
joiner:start()
local e = joiner:result()
assert(threading.DeadlockError:is(e))
testing.contains(e, "joiner waits in Thread.join at ")
testing.contains(e, " for MainThread\n")

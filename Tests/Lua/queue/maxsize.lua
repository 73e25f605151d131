-- The bound may change while the queue is in use.
local testing = require "testing"
local threading = require "threading"
local queue = require "queue"

for _, class in ipairs { queue.Queue, queue.LifoQueue, queue.PriorityQueue } do
  local q = class(3)
  for i = 1, 3 do q:put(i) end
  testing.raises(queue.Full, q.put_nowait, q, 4)
  q.maxsize = 2
  testing.raises(queue.Full, q.put_nowait, q, 4)
  testing.equal({ q:qsize(), q:full(), q.maxsize }, { 3, true, 2 })
  q:get()
  testing.raises(queue.Full, q.put_nowait, q, 4)
  q:get()
  q:put_nowait(4)
  testing.raises(queue.Full, q.put_nowait, q, 5)
  q.maxsize = 0
  for i = 1, 100 do q:put_nowait(i) end
  testing.equal({ q:qsize(), q:full() }, { 102, false })
end

-- Threads that wait for a place get in as soon as the bound lets them.
local q, started = queue.Queue(1), queue.Queue()
q:put(0)
local putters = {}
for i = 1, 3 do
  putters[i] = threading.Thread { target = function() started:put(i) q:put(i) end }
  putters[i]:start()
end
for _ = 1, 3 do started:get() end
testing.equal(q:qsize(), 1)
q.maxsize = 3
-- What was first in is first out; the places that both leave go to those who wait.
testing.equal(q:get(), 0)
q:get()
q.maxsize = -1
for _, putter in ipairs(putters) do putter:result() end
testing.equal(q:qsize(), 2)

-- A queue lets go of an item as soon as it is out, and of all it holds when it goes itself.
local testing = require "testing"
local queue = require "queue"
local threading = require "threading"
local weakref = require "weakref"
local gc = require "gc"

for _, class in ipairs { queue.Queue, queue.LifoQueue, queue.SimpleQueue } do
  local q = class()
  for _ = 1, 20 do q:put(threading.Lock()) end
  for _ = 1, 20 do
    local ref = weakref.ref(q:get())
    gc.collect()
    testing.equal(ref(), nil)
  end
end

-- Dropped by the end of the queue, or with the queue.
local function held(drop)
  local lock = threading.Lock()
  local q = queue.Queue()
  q:put { lock }
  local ref = weakref.ref(lock)
  lock = nil
  gc.collect()
  drop(q)
  q = nil
  gc.collect()
  return ref
end
testing.equal(held(function(q) q:shutdown(true) end)(), nil)
testing.equal(held(function() end)(), nil)
testing.equal(held(function(q) q:get() end)(), nil)

-- A finalizer may put while a put or a get of the same queue is on its way.
local q, number = queue.SimpleQueue(), 0
local function next_number()
  number = number + 1
  return number
end
local results = {}
while #results < 2000 do
  setmetatable({}, { __gc = function() q:put(next_number()) end })
  if #results % 100 == 0 then gc.collect() end
  q:put(next_number())
  results[#results + 1] = q:get()
end
for i = 1, 2000 do testing.equal(results[i], i) end

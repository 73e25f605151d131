local testing = require "testing"
local queue = require "queue"
local threading = require "threading"

-- Until the queue is shut down; what is in it then still comes.
local q = queue.Queue()
for i = 1, 3 do q:put(i) end
q:shutdown()
local seen = {}
for item in q:items() do seen[#seen + 1] = item end
testing.equal(seen, { 1, 2, 3 })
for _ in q:items() do error("there is nothing left") end

-- It ends as well when the end comes while it waits, whichever way.
for _, immediate in ipairs { false, true } do
  for _, class in ipairs { queue.Queue, queue.LifoQueue, queue.PriorityQueue } do
    local q, got = class(), queue.Queue()
    local worker = threading.Thread {
      target = function()
        local count = 0
        for item in q:items() do
          count = count + 1
          got:put(item)
        end
        return count
      end,
    }
    worker:start()
    for i = 1, 5 do
      q:put(i)
      testing.equal(got:get(), i)
    end
    q:shutdown(immediate)
    testing.equal(worker:result(), 5)
  end
end

-- A loop may be left and taken up again; the iterator is a value like any other.
q = queue.Queue()
q:put_many { 1, 2, 3, false, 4, nil }
q:put(nil)
q:put("after nil")
for item in q:items() do
  testing.equal(item, 1)
  break
end
local iterator = q:items()
testing.equal(iterator(), 2)
seen = {}
for item in iterator do seen[#seen + 1] = item end
-- false is an item; nil ends a loop in Lua, and so serves as the end that a producer puts.
testing.equal(seen, { 3, false, 4 })
testing.equal(q:get(), "after nil")

-- Several loops share the items.
q = queue.Queue(4)
local workers = {}
for i = 1, 3 do
  workers[i] = threading.Thread {
    target = function()
      local sum, count = 0, 0
      for item in q:items() do
        sum, count = sum + item, count + 1
        q:task_done()
      end
      return sum, count
    end,
  }
  workers[i]:start()
end
for i = 1, 300 do q:put(i) end
q:join()
q:shutdown()
local sum, count = 0, 0
for _, worker in ipairs(workers) do
  local s, c = worker:result()
  sum, count = sum + s, count + c
end
testing.equal({ sum, count }, { 45150, 300 })

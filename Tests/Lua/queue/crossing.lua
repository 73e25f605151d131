-- Queues go to other threads by reference, their items as copies.
local testing = require "testing"
local queue = require "queue"
local threading = require "threading"
local exceptions = require "exceptions"

local function in_thread(f, ...)
  local thread = threading.Thread { target = f, args = { ... } }
  thread:start()
  return thread:result()
end

for _, class in ipairs { queue.Queue, queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue } do
  local q = class()
  local same, text, named = in_thread(function(q)
    q:put("from the thread")
    return q, tostring(q), class:is(q)
  end, q)
  testing.equal({ same == q, text, named, q:get() }, { true, tostring(q):gsub("qsize=0", "qsize=1"), true, "from the thread" })
  -- Through a queue, and through itself.
  local carrier = queue.Queue()
  carrier:put { q = q }
  assert(carrier:get().q == q)
  carrier:put(carrier)
  assert(carrier:get() == carrier)
end

-- An item is a copy from the moment it is put.
local q = queue.Queue()
local item = { list = { 1, 2 }, self = nil }
item.self = item
q:put(item)
item.list[1] = "changed"
local copy = q:get()
assert(copy ~= item and copy.self == copy)
testing.equal(copy.list, { 1, 2 })
q:put(function(x) return x + #item.list end)
item.list[3] = 3
testing.equal(q:get()(10), 12)

-- What cannot cross is refused with the way to it, and nothing is enqueued or counted.
for _, put in ipairs { q.put, q.put_nowait } do
  testing.raises(
    exceptions.TypeError, "cannot pass to another thread: item.jobs[2].co: a coroutine", put, q,
    { jobs = { {}, { co = coroutine.create(print) } } })
  testing.raises(exceptions.TypeError, "cannot pass to another thread: item: a coroutine", put, q, coroutine.create(print))
end
testing.raises(exceptions.TypeError, "cannot pass to another thread: item: an open Lua file", q.put, q, io.stdout)
testing.equal({ q:qsize(), q.unfinished_tasks }, { 0, 2 })
-- Even when the queue is full: the error of the argument comes first, as for any bad argument.
local full = queue.Queue(1)
full:put(1)
testing.raises(exceptions.TypeError, "a coroutine", full.put, full, coroutine.create(print), false)

-- Errors keep their class on the way through.
local ok, e = pcall(q.get_nowait, q)
q:put(e)
local back = q:get()
testing.equal({ ok, queue.Empty:is(back), tostring(back.class) }, { false, true, "<class 'queue.Empty'>" })
local _, e = in_thread(function() return pcall(full.put_nowait, full, 2) end)
assert(queue.Full:is(e))

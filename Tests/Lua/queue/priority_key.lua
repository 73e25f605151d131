local testing = require "testing"
local queue = require "queue"
local threading = require "threading"
local exceptions = require "exceptions"
local TypeError = exceptions.TypeError

local q = queue.PriorityQueue { key = "priority" }
for i, priority in ipairs { 3, 1, 2, 1, 3, 2.5 } do q:put { priority = priority, number = i } end
local out = {}
while not q:empty() do out[#out + 1] = q:get().number end
testing.equal(out, { 2, 4, 3, 6, 1, 5 })

-- Any key that can be ordered, arrays too; the rest of the item is data.
q:put { priority = { 1, "b" }, run = function() return "second" end }
q:put { priority = { 1, "a" }, run = function() return "first" end }
testing.equal({ q:get().run(), q:get().run() }, { "first", "second" })

-- Without the field, with one that has no order, and with one of another kind.
testing.raises(TypeError, "expected in field 'priority', got nil", q.put, q, { prio = 1 })
testing.raises(TypeError, "expected in field 'priority', got table", q.put, q, { priority = { x = 1 } })
testing.raises(TypeError, "table with field 'priority' expected, got number", q.put, q, 1)
testing.raises(TypeError, "bad argument #1 to 'put_many' (items[2]: table with field", q.put_many, q, { { priority = 1 }, 5 })
q:put { priority = 1 }
testing.raises(TypeError, "'<' not supported between instances of 'string' and 'number'", q.put, q, { priority = "high" })
testing.equal(q:qsize(), 1)

-- Bound and key together; keys by position; instances of classes; fields that a metatable gives.
q = queue.PriorityQueue { maxsize = 2, key = "at" }
q:put { at = 2 }
q:put { at = 1 }
testing.raises(queue.Full, q.put_nowait, q, { at = 0 })
testing.equal({ q:get().at, q:get().at }, { 1, 2 })
q = queue.PriorityQueue { key = 2 }
q:put { "x", 2 }
q:put { "y", 1 }
testing.equal({ q:get()[1], q:get()[1] }, { "y", "x" })
q = queue.PriorityQueue(0, "level")
q:put(setmetatable({ name = "derived" }, { __index = { level = 5 } }))
q:put { name = "own", level = 4 }
testing.equal({ q:get().name, q:get().name }, { "own", "derived" })
testing.raises("no level today", q.put, q, setmetatable({}, { __index = function() error "no level today" end }))

-- The queue keeps its order in other threads.
q = queue.PriorityQueue { key = "n" }
local thread = threading.Thread { target = function() for i = 5, 1, -1 do q:put { n = i } end return tostring(q) end }
thread:start()
testing.equal(thread:result(), "<queue.PriorityQueue maxsize=0 qsize=5 key='n'>")
for i = 1, 5 do testing.equal(q:get().n, i) end

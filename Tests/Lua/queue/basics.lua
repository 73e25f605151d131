local testing = require "testing"
local queue = require "queue"
local exceptions = require "exceptions"

local q = queue.Queue(2)
testing.equal({ q.maxsize, q:qsize(), q:empty(), q:full(), #q }, { 2, 0, true, false, 0 })
q:put("a")
q:put("b")
testing.equal({ q:qsize(), q:empty(), q:full() }, { 2, false, true })
testing.raises(queue.Full, q.put_nowait, q, "c")
testing.raises(queue.Full, q.put, q, "c", false)
testing.raises(queue.Full, q.put, q, "c", false, 100)
testing.raises(queue.Full, q.put, q, "c", true, 0.01)
testing.raises(queue.Full, q.put, q, "c", true, 0)
testing.equal({ q:get(), q:get_nowait() }, { "a", "b" })
testing.raises(queue.Empty, q.get_nowait, q)
testing.raises(queue.Empty, q.get, q, false)
testing.raises(queue.Empty, q.get, q, true, 0.01)
testing.raises(queue.Empty, q.get, q, true, 0)
testing.raises(queue.Empty, q.get, q, { block = false })
testing.raises(queue.Empty, q.get, q, { timeout = 0.01 })
testing.raises(queue.Empty, q.get, q, { block = false, timeout = -1 })

-- Classes: Empty is no Full, both are Exceptions, and strings are neither.
local _, e = pcall(q.get_nowait, q)
assert(queue.Empty:is(e) and exceptions.Exception:is(e) and not queue.Full:is(e) and not queue.Empty:is("Empty"))
testing.equal({ tostring(e), tostring(e.class) }, { "", "<class 'queue.Empty'>" })
testing.contains(e.traceback, "basics.lua:")
for _, name in ipairs { "Empty", "Full", "ShutDown" } do
  testing.equal(tostring(queue[name]), "<class 'queue." .. name .. "'>")
  testing.equal({ queue[name].super == exceptions.Exception, queue[name]:is(e) }, { true, name == "Empty" })
end

-- A table is an item, whatever is in it; nil and false are items too.
q:put { block = false, timeout = 3 }
testing.equal(q:get(), { block = false, timeout = 3 })
q:put(nil)
q:put(false)
testing.equal(q:qsize(), 2)
testing.equal({ n = 2, q:get(), q:get() }, { n = 2, nil, false })

-- What comes out is the same value: kinds of numbers, bytes, long texts.
for _, value in ipairs { 0, -1, math.maxinteger, math.mininteger, 1.0, 0 / 0, math.huge, "", "\0\xff", ("x"):rep(100000) } do
  q:put(value)
  testing.equal(q:get(), value)
end
q:put(-0.0)
testing.equal(1 / q:get(), -math.huge)

-- Results: put gives nothing, get one value.
testing.equal({ select("#", q:put(1)), select("#", q:get()) }, { 0, 1 })
testing.equal(tostring(queue.Queue(3)), "<queue.Queue maxsize=3 qsize=0>")

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
testing.raises(queue.Full, q.put, q, "c", true, 0.01)
testing.equal({ q:get(), q:get_nowait() }, { "a", "b" })
testing.raises(queue.Empty, q.get_nowait, q)
testing.raises(queue.Empty, q.get, q, false)
testing.raises(queue.Empty, q.get, q, true, 0.01)
testing.raises(queue.Empty, q.get, q, { block = false })
testing.raises(exceptions.ValueError, "'timeout' must be a non-negative number", q.get, q, true, -1)
testing.raises(exceptions.ValueError, "'timeout' must be a non-negative number", q.put, q, 1, true, -1)

-- Classes: Empty is no Full, both are Exceptions, and strings are neither.
local _, e = pcall(q.get_nowait, q)
assert(queue.Empty:is(e) and exceptions.Exception:is(e) and not queue.Full:is(e) and not queue.Empty:is("Empty"))
testing.equal(tostring(e), "")
testing.equal(tostring(queue.Empty), "<class 'queue.Empty'>")

-- Named and positional construction; unknown names.
testing.equal(queue.Queue { maxsize = 5 }.maxsize, 5)
testing.equal(queue.Queue().maxsize, 0)
testing.raises(exceptions.TypeError, "unexpected named argument 'maxsiz' (known: maxsize)", queue.Queue, { maxsiz = 5 })
testing.raises(exceptions.TypeError, "bad argument #1 to 'Queue' (maxsize: number expected, got string)", queue.Queue, "5")
testing.raises(exceptions.TypeError, "calling 'get' on bad self (Queue expected, got table)", q.get, {})
testing.raises(exceptions.AttributeError, "maxsize", function() q.maxsize = 3 end)

-- A table is an item, whatever is in it.
q:put({ block = false, timeout = 3 })
testing.equal(q:get(), { block = false, timeout = 3 })
q:put(nil)
testing.equal(q:qsize(), 1)
testing.equal(q:get(), nil)

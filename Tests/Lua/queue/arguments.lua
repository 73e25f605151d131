local testing = require "testing"
local queue = require "queue"
local exceptions = require "exceptions"
local TypeError, ValueError = exceptions.TypeError, exceptions.ValueError

-- Construction by position and by name.
for _, class in ipairs { queue.Queue, queue.LifoQueue, queue.PriorityQueue } do
  testing.equal({ class().maxsize, class(5).maxsize, class { maxsize = 5 }.maxsize, class(-1).maxsize }, { 0, 5, 5, -1 })
  testing.raises(TypeError, "unexpected named argument 'maxsiz' (known: maxsize", class, { maxsiz = 5 })
  testing.raises(TypeError, "maxsize: number expected, got string", class, "5")
end
testing.raises(TypeError, "LifoQueue() takes at most 1 positional arguments (2 given)", queue.LifoQueue, 1, 2)
testing.raises(TypeError, "bad argument #1 to 'Queue' (maxsize: number expected, got string)", queue.Queue, "5")
testing.equal(tostring(queue.PriorityQueue { maxsize = 2, key = "at" }), "<queue.PriorityQueue maxsize=2 qsize=0 key='at'>")
testing.equal(tostring(queue.PriorityQueue(2, "at")), "<queue.PriorityQueue maxsize=2 qsize=0 key='at'>")
testing.raises(TypeError, "key: name of a field expected, got boolean", queue.PriorityQueue, { key = true })

local q = queue.Queue(1)
testing.raises(TypeError, "calling 'get' on bad self (Queue expected, got table)", q.get, {})
testing.raises(TypeError, "calling 'put' on bad self (Queue expected, got no value)", q.put)
testing.raises(TypeError, "bad argument #1 to 'put' (value expected)", q.put, q)
testing.raises(TypeError, "bad argument #1 to 'put_nowait' (value expected)", q.put_nowait, q)
testing.raises(TypeError, "bad argument #2 to 'put' (boolean expected, got number)", q.put, q, 1, 0)
testing.raises(TypeError, "bad argument #3 to 'put' (number expected, got string)", q.put, q, 1, true, "1")
testing.raises(TypeError, "bad argument #1 to 'get' (block: boolean expected, got number)", q.get, q, 0)
testing.raises(TypeError, "bad argument #2 to 'get' (timeout: number expected, got string)", q.get, q, true, "1")
testing.raises(TypeError, "unexpected named argument 'tiemout' (known: block, timeout)", q.get, q, { tiemout = 1 })
testing.raises(TypeError, "get() takes at most 2 positional arguments (3 given)", q.get, q, true, 1, 2)
testing.raises(TypeError, "put() takes at most 3 positional arguments (4 given)", q.put, q, 1, true, 1, 2)
testing.equal(q:qsize(), 0)

-- A negative timeout matters where a wait could be: as in Python, not for put without a bound.
local negative = "'timeout' must be a non-negative number"
testing.raises(ValueError, negative, q.get, q, true, -1)
testing.raises(ValueError, negative, q.get, q, { timeout = -0.001 })
testing.raises(ValueError, negative, q.get, q, true, 0 / 0)
testing.raises(ValueError, negative, q.put, q, 1, true, -1)
testing.raises(queue.Empty, q.get, q, false, -1)
q:put(1, true, 1)
testing.raises(ValueError, negative, q.get, q, true, -1)
testing.raises(queue.Full, q.put, q, 1, false, -1)
testing.equal(q:get(nil, 5), 1)
q:put(2, nil, 5)
testing.equal(q:get { block = true, timeout = 5 }, 2)
local unbounded = queue.Queue()
unbounded:put(1, true, -1)
testing.equal(unbounded:get(true, 1e300), 1)

-- So does one beyond threading.TIMEOUT_MAX, which is no way to say for ever.
local bounded, simple = queue.Queue(1), queue.SimpleQueue()
for _, endless in ipairs { require "threading".TIMEOUT_MAX + 1, 1e100, math.huge } do
  for _, empty in ipairs { bounded, simple } do
    testing.raises(exceptions.OverflowError, "timeout value is too large", empty.get, empty, true, endless)
    testing.raises(exceptions.OverflowError, "timeout value is too large", empty.get_many, empty, 1, endless)
  end
  bounded:put(1, true, endless)
  testing.raises(exceptions.OverflowError, "timeout value is too large", bounded.put, bounded, 2, true, endless)
  testing.equal(bounded:get(true, endless), 1)
  simple:put(1, true, endless)
  testing.equal(simple:get(true, endless), 1)
  unbounded:put(1, true, endless)
end

-- Attributes.
testing.equal({ q.unfinished_tasks, q.is_shutdown, q.nonsense }, { 2, false, nil })
testing.raises(exceptions.AttributeError, "unfinished_tasks", function() q.unfinished_tasks = 3 end)
testing.raises(exceptions.AttributeError, "is_shutdown", function() q.is_shutdown = false end)
testing.raises(TypeError, "number expected, got string", function() q.maxsize = "3" end)


---@meta queue

---Queues between threads: <https://docs.python.org/3/library/queue.html>.
---@class nightjar.queue
---@field Empty nightjar.ExceptionClass
---@field Full nightjar.ExceptionClass
---@field ShutDown nightjar.ExceptionClass
local queue = {}

---First in, first out. Items cross as copies, objects of Nightjar by reference. `#q` is `q:qsize()`.
---@class nightjar.Queue
---@field maxsize integer The bound; 0 or less is none.
---@operator len: integer
local Queue = {}

---Puts an item and waits for room. Raises `Full` when there was none, `ShutDown` when the queue has ended.
---@param item any
---@param block? boolean true by default
---@param timeout? number seconds
function Queue:put(item, block, timeout) end

---@param item any
function Queue:put_nowait(item) end

---Takes an item and waits for one. Raises `Empty` when there was none, `ShutDown` when the queue has ended.
---@param block? boolean true by default
---@param timeout? number seconds
---@return any
function Queue:get(block, timeout) end

---@return any
function Queue:get_nowait() end

---@return integer
function Queue:qsize() end

---@return boolean
function Queue:empty() end

---@return boolean
function Queue:full() end

---Tells `join` that an item has been worked on.
function Queue:task_done() end

---Waits until every item has been worked on.
function Queue:join() end

---Ends the queue: `put` raises `ShutDown`; `get` does when the queue is empty, or at once.
---@param immediate? boolean
function Queue:shutdown(immediate) end

---`for item in q:items() do`, until the queue is shut down.
---@return fun(): any
function Queue:items() end

---@param maxsize? integer|{maxsize: integer?}
---@return nightjar.Queue
function queue.Queue(maxsize) end

---@param name? string
function queue.help(name) end

return queue

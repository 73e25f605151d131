---@meta queue

---Queues between threads: <https://docs.python.org/3/library/queue.html>.
---@class nightjar.queue
---@field Queue nightjar.QueueClass
---@field LifoQueue nightjar.LifoQueueClass
---@field PriorityQueue nightjar.PriorityQueueClass
---@field SimpleQueue nightjar.SimpleQueueClass
---@field Empty nightjar.ExceptionClass Nothing to get without waiting, or in time.
---@field Full nightjar.ExceptionClass No room to put without waiting, or in time.
---@field ShutDown nightjar.ExceptionClass The queue takes, or has, nothing more.
local queue = {}

---First in, first out, without bound, tasks and shutdown. Items cross as copies, objects of Nightjar by reference. `#q` is `q:qsize()`.
---@class nightjar.SimpleQueue
---@operator len: integer
local SimpleQueue = {}

---Puts an item. Never waits: the options are there for those who know them from `Queue`.
---@param item any
---@param block? boolean
---@param timeout? number
function SimpleQueue:put(item, block, timeout) end

---@param item any
function SimpleQueue:put_nowait(item) end

---Puts all items of an array; with a field `n`, as `table.pack` sets it, nil can be among them.
---@param items any[]
function SimpleQueue:put_many(items) end

---Takes an item and waits for one. Raises `Empty` when there was none.
---@param block? boolean|{block: boolean?, timeout: number?} true by default
---@param timeout? number|{timeout: number?} seconds
---@return any
function SimpleQueue:get(block, timeout) end

---@return any
function SimpleQueue:get_nowait() end

---Waits for an item as `get` does, then takes what is there.
---@param n? integer|{n: integer?, timeout: number?} how many at most
---@param timeout? number|{timeout: number?} seconds
---@return any[] items
---@return integer count
function SimpleQueue:get_many(n, timeout) end

---`for item in q:items() do`: takes items until the queue is shut down, or an item is nil.
---@return fun(): any
function SimpleQueue:items() end

---@return integer
function SimpleQueue:qsize() end

---@return boolean
function SimpleQueue:empty() end

---First in, first out. Items cross as copies, objects of Nightjar by reference. `#q` is `q:qsize()`.
---@class nightjar.Queue
---@field maxsize integer The bound; 0 or less is none. It can be changed.
---@field unfinished_tasks integer Items put and not yet told to `task_done`.
---@field is_shutdown boolean
---@operator len: integer
local Queue = {}

---Puts an item and waits for room. Raises `Full` when there was none, `ShutDown` when the queue has ended.
---@param item any
---@param block? boolean true by default
---@param timeout? number seconds
function Queue:put(item, block, timeout) end

---@param item any
function Queue:put_nowait(item) end

---Puts all items of an array, and waits as `put` does for each; with a field `n`, as `table.pack` sets it, nil can be among them.
---@param items any[]
function Queue:put_many(items) end

---Takes an item and waits for one. Raises `Empty` when there was none, `ShutDown` when the queue has ended.
---@param block? boolean|{block: boolean?, timeout: number?} true by default
---@param timeout? number|{timeout: number?} seconds
---@return any
function Queue:get(block, timeout) end

---@return any
function Queue:get_nowait() end

---Waits for an item as `get` does, then takes what is there.
---@param n? integer|{n: integer?, timeout: number?} how many at most
---@param timeout? number|{timeout: number?} seconds
---@return any[] items
---@return integer count
function Queue:get_many(n, timeout) end

---`for item in q:items() do`: takes items until the queue is shut down, or an item is nil.
---@return fun(): any
function Queue:items() end

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
---@param immediate? boolean|{immediate: boolean?} drops the items that are there
function Queue:shutdown(immediate) end

---Last in, first out.
---@class nightjar.LifoQueue: nightjar.Queue

---The lowest first, equal ones first in, first out. Items are numbers, strings, or arrays of these, compared element by element; what
---has no order may follow in an array. With a key, items are tables, compared by that field.
---@class nightjar.PriorityQueue: nightjar.Queue

---What all classes of queues have.
---@class nightjar.AnyQueueClass
local AnyQueueClass = {}

---A new class. An `init` of its own calls the parent's: `MyQueue.super.init(self, maxsize)`.
---@param name string
---@return any class
function AnyQueueClass:subclass(name) end

---@param value any
---@return boolean
function AnyQueueClass:is(value) end

---@class nightjar.QueueClass: nightjar.AnyQueueClass
---@overload fun(maxsize?: integer|{maxsize: integer?}): nightjar.Queue

---@class nightjar.LifoQueueClass: nightjar.AnyQueueClass
---@overload fun(maxsize?: integer|{maxsize: integer?}): nightjar.LifoQueue

---`key` is the field that items are ordered by.
---@class nightjar.PriorityQueueClass: nightjar.AnyQueueClass
---@overload fun(maxsize?: integer|{maxsize: integer?, key: (string|integer)?}, key?: string|integer): nightjar.PriorityQueue

---@class nightjar.SimpleQueueClass: nightjar.AnyQueueClass
---@overload fun(): nightjar.SimpleQueue

---@param name? string
function queue.help(name) end

return queue

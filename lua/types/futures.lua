---@meta futures

---Work for a pool of threads, and its results: Python's concurrent.futures,
---<https://docs.python.org/3/library/concurrent.futures.html>.
---@class nightjar.futures
---@field Executor nightjar.ExecutorClass
---@field ThreadPoolExecutor nightjar.ThreadPoolExecutorClass
---@field FIRST_COMPLETED "FIRST_COMPLETED" `wait` returns when one is done.
---@field FIRST_EXCEPTION "FIRST_EXCEPTION" `wait` returns when one has failed, or all are done.
---@field ALL_COMPLETED "ALL_COMPLETED" `wait` returns when all are done.
---@field CancelledError nightjar.ExceptionClass The future was cancelled.
---@field TimeoutError nightjar.ExceptionClass The built-in TimeoutError: the future was not done in time.
---@field InvalidStateError nightjar.ExceptionClass The future is not in a state for this.
---@field BrokenExecutor nightjar.ExceptionClass The executor is of no use any more.
---@field BrokenThreadPool nightjar.ExceptionClass An initializer failed.
local futures = {}

---The result of work that is done elsewhere. Crosses between threads by reference.
---@class nightjar.Future
---@field [string] any Attributes of the script's own.
local Future = {}

---Waits, then gives all that the function returned, or raises its error again. Raises `CancelledError` for a cancelled future,
---`TimeoutError` when the time is up.
---@param timeout? number seconds
---@return any ...
function Future:result(timeout) end

---Waits, then gives the error of the function, or nil.
---@param timeout? number seconds
---@return any
function Future:exception(timeout) end

---@return boolean
function Future:done() end

---@return boolean
function Future:running() end

---@return boolean
function Future:cancelled() end

---Cancels work that has not begun; gives whether it is cancelled. Work under way ends by itself, or by `cancel` of the worker's thread.
---@return boolean
function Future:cancel() end

---Calls `fn(future)` when the future is done. A worker calls a copy in its own interpreter; a future that this thread ends, or that
---is done already, calls the function itself. Errors are logged by the logger `concurrent.futures`.
---@param fn fun(future: nightjar.Future)
function Future:add_done_callback(fn) end

---For those who do the work, before they begin: false if the future was cancelled.
---@return boolean
function Future:set_running_or_notify_cancel() end

---For those who do the work: what it gave. Raises `InvalidStateError` if the future is done.
---@param ... any
function Future:set_result(...) end

---For those who do the work: how it failed. Raises `InvalidStateError` if the future is done.
---@param exception any
function Future:set_exception(exception) end

---A class that can be subclassed: define `init` and other methods on what `subclass` gives.
---@class nightjar.ExecutorClass
---@field super table?
---@overload fun(): nightjar.Executor
local ExecutorClass = {}

---A new class below this one.
---@param name string
---@return any class
function ExecutorClass:subclass(name) end

---Whether a value is an instance of this class or a subclass.
---@param value any
---@return boolean
function ExecutorClass:is(value) end

---@class nightjar.ThreadPoolExecutorClass: nightjar.ExecutorClass
---@overload fun(max_workers?: integer, thread_name_prefix?: string, initializer?: function, initargs?: any[]): nightjar.ThreadPoolExecutor
---@overload fun(options: nightjar.ThreadPoolOptions): nightjar.ThreadPoolExecutor
---@overload fun(max_workers: integer, options: nightjar.ThreadPoolOptions): nightjar.ThreadPoolExecutor

---@class nightjar.ThreadPoolOptions
---@field max_workers? integer The processors and 4, at most 32, by default.
---@field thread_name_prefix? string `ThreadPoolExecutor-0` and so on by default.
---@field initializer? function Prepares each worker's interpreter, once. If it fails, the pool is broken.
---@field initargs? any[]

---@class nightjar.MapOptions
---@field timeout? number Seconds from the call, for all results together.
---@field chunksize? integer Ignored, as by Python's thread pool.
---@field buffersize? integer Items that are submitted and not yet taken at most; without it all are submitted at once.

---What executors have in common. A subclass that defines `submit` has `map`.
---@class nightjar.Executor
local Executor = {}

---Puts the call `fn(...)` into the queue. Function and arguments cross to the worker as one message.
---@param fn function
---@param ... any
---@return nightjar.Future
function Executor:submit(fn, ...) end

---`for result in executor:map(fn, list) do`: the results in the order of the items, which come from arrays or iterators; the
---shortest ends it. All values that a call returns are given; false stands for nil, which would end the loop. An error comes at its
---place. Leaving the loop cancels what has not begun.
---@param fn function
---@param ... any[]|(fun(): any)|nightjar.MapOptions
---@return fun(): any
function Executor:map(fn, ...) end

---Takes no more work and waits for what there is, unless `wait` is false.
---@param wait? boolean|{wait: boolean?, cancel_futures: boolean?} true by default
---@param options? {cancel_futures: boolean?} Whether work that has not begun is cancelled.
function Executor:shutdown(wait, options) end

---`shutdown()`, as at the end of a `<close>` variable.
function Executor:close() end

---Threads that run functions, each with an interpreter that it keeps.
---@class nightjar.ThreadPoolExecutor: nightjar.Executor
local ThreadPoolExecutor = {}

---@param max_workers? integer|nightjar.ThreadPoolOptions
---@param thread_name_prefix? string
---@param initializer? function
---@param initargs? any[]
function ThreadPoolExecutor:init(max_workers, thread_name_prefix, initializer, initargs) end

---A future of one's own, for work that a script does itself.
---@return nightjar.Future
function futures.Future() end

---Waits for futures: an array, an iterator, or a table with futures as keys.
---@param fs nightjar.Future[]|table<nightjar.Future, any>|fun(): nightjar.Future?
---@param timeout? number|{timeout: number?, return_when: string?} seconds
---@param return_when? "FIRST_COMPLETED"|"FIRST_EXCEPTION"|"ALL_COMPLETED" `ALL_COMPLETED` by default
---@return nightjar.Future[] done
---@return nightjar.Future[] not_done
function futures.wait(fs, timeout, return_when) end

---`for future in futures.as_completed(fs) do`: each as it ends. Raises `TimeoutError` when the time is up before all have ended.
---@param fs nightjar.Future[]|table<nightjar.Future, any>|fun(): nightjar.Future?
---@param timeout? number|{timeout: number?} seconds
---@return fun(): nightjar.Future?
function futures.as_completed(fs, timeout) end

---@param name? string
function futures.help(name) end

return futures

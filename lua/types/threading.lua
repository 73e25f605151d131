---@meta threading

---Threads that run in parallel, each with an interpreter of its own: <https://docs.python.org/3/library/threading.html>.
---@class nightjar.threading
---@field Thread nightjar.ThreadClass
---@field DeadlockError nightjar.ExceptionClass What a wait raises that can never end, since every thread waits.
local threading = {}

---@class nightjar.ThreadClass
---@overload fun(options?: nightjar.ThreadOptions): nightjar.Thread
---@field super nightjar.ThreadClass?
local ThreadClass = {}

---A new class; define `init` and `run` on it.
---@param name string
---@return any class
function ThreadClass:subclass(name) end

---@param value any
---@return boolean
function ThreadClass:is(value) end

---@class nightjar.ThreadOptions
---@field target? fun(...: any): any Runs on the new thread, with copies of its upvalues and the globals it reads.
---@field name? string
---@field args? any[]
---@field kwargs? table The last argument of target.
---@field daemon? boolean Whether the end of the program cancels it. The starter's by default.

---@class nightjar.Thread
---@field name string
---@field daemon boolean
---@field ident integer?
---@field native_id integer?
---@field state string How far it is.
local Thread = {}

---@param options? nightjar.ThreadOptions
function Thread:init(options) end

---Begins to run, once.
function Thread:start() end

---What the thread does: calls target, unless a subclass does something else.
function Thread:run() end

---Waits for the end; then the fields that `run` left on `self` are here.
---@param timeout? number seconds
function Thread:join(timeout) end

---Waits, then gives all that `run` or `target` returned, or raises its error again.
---@param timeout? number seconds
---@return any ...
function Thread:result(timeout) end

---Asks the thread to stop; then interrupts it, also out of an endless loop or a wait.
function Thread:cancel() end

---@return boolean
function Thread:is_alive() end

---A to-be-closed value: `local held <close> = lock:hold()`.
---@class nightjar.LockGuard

---@class nightjar.Lock
local Lock = {}

---Takes the lock; whether that was possible.
---@param blocking? boolean true by default
---@param timeout? number seconds
---@return boolean
function Lock:acquire(blocking, timeout) end

function Lock:release() end

---@return boolean
function Lock:locked() end

---@return nightjar.LockGuard
function Lock:hold() end

---@return nightjar.Lock
function threading.Lock() end

---A flag that threads wait for.
---@class nightjar.Event
local Event = {}

---@return boolean
function Event:is_set() end

---Sets it and wakes all who wait.
function Event:set() end

function Event:clear() end

---Waits until it is set; false when the time was up.
---@param timeout? number seconds
---@return boolean
function Event:wait(timeout) end

---@return nightjar.Event
function threading.Event() end

---@return nightjar.Thread
function threading.current_thread() end

---@return nightjar.Thread
function threading.main_thread() end

---All threads that run, the main one first.
---@return nightjar.Thread[]
function threading.enumerate() end

---@return integer
function threading.active_count() end

---@return integer
function threading.get_ident() end

---@return integer
function threading.get_native_id() end

---@class nightjar.ExceptHookArgs
---@field exc_type nightjar.ExceptionClass
---@field exc_value any
---@field exc_traceback string?
---@field thread nightjar.Thread?

---Called with the error that ended a thread, in that thread; assign your own.
---@param args nightjar.ExceptHookArgs
function threading.excepthook(args) end

---@param name? string
function threading.help(name) end

return threading

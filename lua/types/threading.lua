---@meta threading

---Threads that run in parallel, each with an interpreter of its own: <https://docs.python.org/3/library/threading.html>.
---@class nightjar.threading
---@field Thread nightjar.ThreadClass
---@field Timer nightjar.TimerClass
---@field Local nightjar.LocalClass
---@field Condition nightjar.ConditionClass
---@field Semaphore nightjar.SemaphoreClass
---@field BoundedSemaphore nightjar.BoundedSemaphoreClass
---@field Event nightjar.EventClass
---@field Barrier nightjar.BarrierClass
---@field BrokenBarrierError nightjar.ExceptionClass What a broken barrier raises.
---@field CancelledError nightjar.ExceptionClass What the result of a cancelled thread raises.
---@field DeadlockError nightjar.ExceptionClass What a wait raises that can never end, since every thread waits.
---@field ThreadError nightjar.ExceptionClass RuntimeError, by its old name.
---@field TIMEOUT_MAX number The longest timeout, in seconds.
local threading = {}

---A class that can be subclassed: define `init` and other methods on what `subclass` gives.
---@class nightjar.ThreadingClass
---@field super table?
local Class = {}

---A new class below this one.
---@param name string
---@return any class
function Class:subclass(name) end

---Whether a value is an instance of this class or a subclass.
---@param value any
---@return boolean
function Class:is(value) end

---@class nightjar.ThreadClass: nightjar.ThreadingClass
---@overload fun(options?: nightjar.ThreadOptions): nightjar.Thread

---@class nightjar.ThreadOptions
---@field target? fun(...: any): any Runs on the new thread, with copies of its upvalues and the globals it reads.
---@field name? string
---@field args? any[]
---@field kwargs? table The last argument of target.
---@field daemon? boolean Whether the end of the program cancels it. The starter's by default.

---@class nightjar.Thread
---@field name string The system shows its first 15 bytes.
---@field daemon boolean To be set before the start.
---@field ident integer? From the start on.
---@field native_id integer? The system's number, from the start on.
---@field state "initial"|"running"|"finished"|"failed"|"cancelled"
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

---Stops the thread, also out of an endless loop or a wait; nothing catches that. To-be-closed variables run.
---@param grace? number Seconds that these have, 1 by default; then whatever still runs is ended.
---@return boolean # False if the thread has ended already.
function Thread:cancel(grace) end

---@return boolean
function Thread:is_alive() end

---@deprecated Use `name`.
---@return string
function Thread:getName() end

---@deprecated Use `name`.
---@param name string
function Thread:setName(name) end

---@deprecated Use `daemon`.
---@return boolean
function Thread:isDaemon() end

---@deprecated Use `daemon`.
---@param daemon boolean
function Thread:setDaemon(daemon) end

---@class nightjar.TimerClass: nightjar.ThreadingClass
---@overload fun(interval: number, target: function, args?: any[], kwargs?: table): nightjar.Timer
---@overload fun(options: nightjar.TimerOptions): nightjar.Timer

---@class nightjar.TimerOptions
---@field interval number seconds
---@field target fun(...: any): any Python's `function`.
---@field args? any[]
---@field kwargs? table The last argument of target, where it has something in it.

---A thread that calls a function after some seconds.
---@class nightjar.Timer: nightjar.Thread
---@field interval number
---@field args any[]
---@field kwargs table
---@field finished nightjar.Event Set when it was cancelled or the function has returned.
local Timer = {}

---Prevents the call, if it has not begun.
function Timer:cancel() end

---@class nightjar.LocalClass: nightjar.ThreadingClass
---@overload fun(): nightjar.Local

---An object whose attributes are each thread's own. The `init` of a subclass runs in each thread that uses it.
---@class nightjar.Local
---@field __dict__ table The attributes in this thread.
---@field [string] any

---A to-be-closed value: `local held <close> = lock:hold()`.
---@class nightjar.LockGuard
local LockGuard = {}

---Gives the lock back before the end of the block; again, it does nothing.
function LockGuard:release() end

---A lock that any thread may release.
---@class nightjar.Lock
local Lock = {}

---Takes the lock; whether that was possible.
---@param blocking? boolean true by default
---@param timeout? number|{timeout: number?} seconds
---@return boolean
function Lock:acquire(blocking, timeout) end

function Lock:release() end

---@return boolean
function Lock:locked() end

---@return nightjar.LockGuard
function Lock:hold() end

---@return nightjar.Lock
function threading.Lock() end

---A lock that its owner may take again.
---@class nightjar.RLock: nightjar.Lock

---@return nightjar.RLock
function threading.RLock() end

---@class nightjar.ConditionClass: nightjar.ThreadingClass
---@overload fun(lock?: nightjar.Lock|{lock: nightjar.Lock?}): nightjar.Condition

---Threads wait until others notify them. It is a lock itself: the one that it was made with, or an `RLock` of its own.
---@class nightjar.Condition: nightjar.Lock
local Condition = {}

---Releases the lock, waits to be notified, and takes the lock again; false when the time was up.
---@param timeout? number seconds
---@return boolean
function Condition:wait(timeout) end

---Waits until a function gives a true value; gives its last value. The lock is held while it runs.
---@generic Value
---@param predicate fun(): Value
---@param timeout? number|{timeout: number?} seconds
---@return Value
function Condition:wait_for(predicate, timeout) end

---Wakes those that have waited longest; they go on when they get the lock.
---@param n? integer 1 by default
function Condition:notify(n) end

function Condition:notify_all() end

---@deprecated Use `notify_all`.
function Condition:notifyAll() end

---@class nightjar.SemaphoreClass: nightjar.ThreadingClass
---@overload fun(value?: integer|{value: integer?}): nightjar.Semaphore

---Permits: `release` adds, `acquire` takes one.
---@class nightjar.Semaphore
local Semaphore = {}

---Takes a permit; whether that was possible.
---@param blocking? boolean true by default
---@param timeout? number|{timeout: number?} seconds
---@return boolean
function Semaphore:acquire(blocking, timeout) end

---@param n? integer 1 by default
function Semaphore:release(n) end

---@return nightjar.LockGuard
function Semaphore:hold() end

---@class nightjar.BoundedSemaphoreClass: nightjar.ThreadingClass
---@overload fun(value?: integer|{value: integer?}): nightjar.BoundedSemaphore

---A semaphore that refuses more releases than acquires.
---@class nightjar.BoundedSemaphore: nightjar.Semaphore

---@class nightjar.EventClass: nightjar.ThreadingClass
---@overload fun(): nightjar.Event

---A flag that threads wait for.
---@class nightjar.Event
local Event = {}

---@return boolean
function Event:is_set() end

---@deprecated Use `is_set`.
---@return boolean
function Event:isSet() end

---Sets it and wakes all who wait.
function Event:set() end

function Event:clear() end

---Waits until it is set; false when the time was up.
---@param timeout? number seconds
---@return boolean
function Event:wait(timeout) end

---@class nightjar.BarrierClass: nightjar.ThreadingClass
---@overload fun(parties: integer, action?: function, timeout?: number): nightjar.Barrier
---@overload fun(parties: integer, options: {action: function?, timeout: number?}): nightjar.Barrier
---@overload fun(options: nightjar.BarrierOptions): nightjar.Barrier

---@class nightjar.BarrierOptions
---@field parties integer
---@field action? fun() Runs in the thread that comes last, before any goes on; one copy for all rounds.
---@field timeout? number Seconds for waits that do not say.

---Lets a number of threads wait for each other, again and again.
---@class nightjar.Barrier
---@field parties integer
---@field n_waiting integer
---@field broken boolean
local Barrier = {}

---Waits for the others. Gives each thread another number, from 0 on; raises `BrokenBarrierError`.
---@param timeout? number seconds
---@return integer
function Barrier:wait(timeout) end

---Empties it; those who wait get `BrokenBarrierError`.
function Barrier:reset() end

---Breaks it: all waits raise `BrokenBarrierError` until it is reset.
function Barrier:abort() end

---@return nightjar.Thread
function threading.current_thread() end

---@deprecated Use `current_thread`.
---@return nightjar.Thread
function threading.currentThread() end

---@return nightjar.Thread
function threading.main_thread() end

---All threads that run, the main one first.
---@return nightjar.Thread[]
function threading.enumerate() end

---@return integer
function threading.active_count() end

---@deprecated Use `active_count`.
---@return integer
function threading.activeCount() end

---@return integer
function threading.get_ident() end

---The system's number of this thread.
---@return integer
function threading.get_native_id() end

---The bytes of stack of new threads, 0 for the default; sets them for threads that are started from then on.
---@param size? integer 0, or 32768 at least
---@return integer before
function threading.stack_size(size) end

---@class nightjar.ExceptHookArgs
---@field exc_type nightjar.ExceptionClass
---@field exc_value any
---@field exc_traceback string?
---@field thread nightjar.Thread?

---Called with the error that ended a thread, in that thread; assign your own, for all threads. `SystemExit` comes here too; the hook
---that the module starts with says nothing of it.
---@param args nightjar.ExceptHookArgs
function threading.excepthook(args) end

---The hook that the module starts with.
---@param args nightjar.ExceptHookArgs
function threading.__excepthook__(args) end

---What a hook gets, from a table of type, value, traceback and thread, in this order or by name.
---@param args table
---@return nightjar.ExceptHookArgs
function threading.ExceptHookArgs(args) end

---@param name? string
function threading.help(name) end

return threading

---@meta tasks

---Functions that run later, regularly, or at times of the day; each task on a thread with an interpreter of its own.
---@class nightjar.tasks
---@field Task nightjar.TaskClass
local tasks = {}

---@class nightjar.TaskClass
local TaskClass = {}

---@param value any
---@return boolean
function TaskClass:is(value) end

---@class nightjar.TaskBackoff
---@field initial? number Seconds after the first failure. Without it: factor times the time between two runs; 1 for `after`.
---@field factor? number How many times longer after each further failure in a row; 2 without it.
---@field max? number Seconds at most; an hour without it, or the time between two runs if that is longer.

---@class nightjar.TaskOptions
---@field args? any[] The arguments of the function. Without it a Lua function is called with its task.
---@field name? string The name of the task and its thread; `task-N (function)` without it.
---@field daemon? boolean Whether the end of the program cancels it, instead of waiting for its end. The maker's without it.
---@field backoff? boolean|nightjar.TaskBackoff Failures in a row put the next run off, more each time. `after` tries again.

---@class nightjar.RepeatedTaskOptions: nightjar.TaskOptions
---@field overlap? boolean|integer How many runs may be under way at once; `true` is 8. Each is a fresh copy of the function.
---@field immediate? boolean Runs at once too.
---@field jitter? number Seconds by which each run is put off at most, at random.

---@class nightjar.CronTaskOptions: nightjar.RepeatedTaskOptions
---@field utc? boolean The times are UTC instead of local ones.

---@class nightjar.EveryArguments: nightjar.RepeatedTaskOptions
---@field seconds number
---@field target fun(...: any)

---@class nightjar.AfterArguments: nightjar.TaskOptions
---@field seconds number
---@field target fun(...: any)

---@class nightjar.CronArguments: nightjar.CronTaskOptions
---@field expression string
---@field target fun(...: any)

---Runs a function every so many seconds, the first time after that time. The rhythm counts from the start: what a slow run
---misses is left out.
---@param seconds number
---@param target fun(task: nightjar.Task)|fun(...: any)
---@param options? nightjar.RepeatedTaskOptions
---@return nightjar.Task
---@overload fun(arguments: nightjar.EveryArguments): nightjar.Task
function tasks.every(seconds, target, options) end

---Runs a function once, so many seconds from now.
---@param seconds number
---@param target fun(task: nightjar.Task)|fun(...: any)
---@param options? nightjar.TaskOptions
---@return nightjar.Task
---@overload fun(arguments: nightjar.AfterArguments): nightjar.Task
function tasks.after(seconds, target, options) end

---Runs a function at the times of a cron expression: minute, hour, day of month, month, day of week.
---@param expression string `*/5 9-17 * * MON-FRI`, `30 2 1,15 * *`, `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`
---@param target fun(task: nightjar.Task)|fun(...: any)
---@param options? nightjar.CronTaskOptions
---@return nightjar.Task
---@overload fun(arguments: nightjar.CronArguments): nightjar.Task
function tasks.cron(expression, target, options) end

---Does nothing for so many seconds. Cancelling the thread ends it.
---@param seconds number
function tasks.sleep(seconds) end

---The task that runs this function; nil outside of tasks.
---@return nightjar.Task?
function tasks.current() end

---The active tasks of the program, in the order of their making.
---@return nightjar.Task[]
function tasks.list() end

---Cancels all tasks.
---@param interrupt? boolean Ends runs under way at once.
---@return integer cancelled how many
function tasks.cancel_all(interrupt) end

---@param name? string
function tasks.help(name) end

---@class nightjar.Task
---@field name string
---@field schedule string When it runs, in words.
---@field state "waiting"|"running"|"finished"|"failed"|"cancelled"
---@field next_run number? When it runs next, in seconds as `os.time` counts; nil if it does not.
---@field last_run number? When the latest run began.
---@field last_error any The error of the latest run that failed; successes leave it.
---@field runs integer How many runs have begun.
---@field failures integer How many have failed.
---@field failures_in_a_row integer How many have failed since one succeeded.
local Task = {}

---Prevents further runs. One under way goes on to its end, unless it is to be interrupted.
---@param interrupt? boolean|{interrupt: boolean}
---@return boolean cancelled false if there were none to prevent
function Task:cancel(interrupt) end

---Runs it now, or once more right after the run under way. The schedule stays; `after` will not run again.
---@return boolean accepted false if it runs no more
function Task:run_now() end

---Waits until its last run has ended.
---@param timeout? number seconds
---@return boolean ended false when the time was up first
function Task:join(timeout) end

---Whether runs are to come, or one is under way and nobody has cancelled.
---@return boolean
function Task:is_active() end

---@return boolean
function Task:is_running() end

return tasks

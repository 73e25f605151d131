public import NightjarConcurrency
public import NightjarLua

extension StandardModules {
    /// `require "tasks"`: work on a schedule. Python has no such module; names and errors follow its habits.
    static let tasksModule = LuaModule("tasks", doc: "Functions that run later, regularly, or at times of the day.") {
        module in
        module.type(ScheduledTask.luaType)
        for (name, signature, doc, schedule) in schedulers {
            module.function(name, signature, doc: doc) { call in
                let arguments = TaskCall(call, signature)
                return try arguments.start(schedule(arguments))
            }
        }
        module.function("sleep", LuaSignature("seconds"), doc: "Does nothing for so many seconds.") { call in
            let deadline = try sleepDeadline(call)
            try call.waiting { try Waiter.current.sleep(until: deadline) }
            return 0
        }
        module.function("current", doc: "The task that runs this function; nil outside of tasks.") { call in
            let current: CurrentTask? = call.state.attachment()
            return try call.results(current?.task)
        }
        module.function("list", doc: "The active tasks of the program, in the order of their making.") { call in
            try call.results(ScriptEnvironment.of(call.state).tasks.active)
        }
        module.function(
            "cancel_all", LuaSignature("interrupt"), doc: "Cancels all tasks, as their own cancel does; gives how many."
        ) { call in
            let isInterrupting = try call.argument(1, default: false)
            let active = ScriptEnvironment.of(call.state).tasks.active
            return try call.results(active.count { $0.cancel(interrupting: isInterrupting) })
        }
    }

    private typealias Scheduler = (
        name: String, signature: LuaSignature, doc: String, schedule: (TaskCall) throws -> TaskSchedule
    )

    /// The functions that make tasks; each with the parameters that mean something to it.
    private static var schedulers: [Scheduler] {
        let aliases = ["fn": "target", "interval": "seconds"]
        return [
            (
                "every",
                LuaSignature(
                    "seconds, target, *, args, name, daemon, backoff, overlap, immediate, jitter", aliases: aliases),
                "Runs a function every so many seconds, the first time after that time.",
                { call in try .every(call.first()) }
            ),
            (
                "after", LuaSignature("seconds, target, *, args, name, daemon, backoff", aliases: aliases),
                "Runs a function once, so many seconds from now.", { call in try .after(call.first()) }
            ),
            (
                "cron",
                LuaSignature(
                    "expression, target, *, args, name, daemon, backoff, overlap, immediate, jitter, utc",
                    aliases: aliases),
                "Runs a function at the times of a cron expression, such as */5 9-17 * * MON-FRI.",
                { call in
                    try .cron(CronExpression(call.first()), utc: call.value("utc") ?? false)
                }
            ),
        ]
    }

    /// Python's `time.sleep`.
    private static func sleepDeadline(_ call: LuaCall) throws -> Deadline {
        let seconds: Double = try call.argument(1)
        if seconds.isNaN { throw LuaException(.valueError, "Invalid value NaN (not a number)") }
        if seconds < 0 { throw LuaException(.valueError, "sleep length must be non-negative") }
        guard seconds <= Deadline.timeoutMax else { throw LuaException(.overflowError, "sleep length is too large") }
        return Deadline(after: seconds)
    }
}

extension CronError: LuaExceptionConvertible {
    public var luaException: LuaException { LuaException(.valueError, description) }
}

extension TaskScheduleError: LuaExceptionConvertible {
    public var luaException: LuaException {
        LuaException(self == .tooLarge ? .overflowError : .valueError, description)
    }
}

public import NightjarConcurrency
public import NightjarLua

extension ScheduledTask: CrossesThreads {
    /// What `tasks.every`, `after` and `cron` give.
    public static let luaType = LuaType(
        "Task", for: ScheduledTask.self, module: "tasks", doc: "Work on a schedule, as every, after and cron start it."
    ) {
        $0.constructor(pushing: { _ in
            throw LuaException(.typeError, "cannot create 'tasks.Task' instances: tasks.every, after and cron do")
        })
        $0.method(
            "cancel", LuaSignature("interrupt"),
            doc:
                "Prevents further runs; one under way ends by itself, or at once with interrupt. False if there were none."
        ) { task, call in
            try call.results(task.cancel(interrupting: call.argument(2, default: false)))
        }
        $0.method("run_now", doc: "Runs it now, or again right after the run under way; the schedule stays.") {
            (task: ScheduledTask) in task.runNow()
        }
        $0.method(
            "join", LuaSignature("timeout"), doc: "Waits until its last run has ended; false when the time was up."
        ) {
            task, call in
            try task.join(call)
        }
        $0.method("is_active", doc: "Whether runs are to come or under way.") { (task: ScheduledTask) in task.isActive }
        $0.method("is_running", doc: "Whether a run is under way.") { (task: ScheduledTask) in task.running > 0 }
        $0.property("name", doc: "The name of its thread.", get: { $0.name })
        $0.property("schedule", doc: "When it runs, in words.", get: { $0.schedule.description })
        $0.property("state", doc: "waiting, running, finished, failed or cancelled.", get: { $0.phase.rawValue })
        $0.property("next_run", doc: "When it runs next, as os.time counts; nil if it does not.", get: { $0.nextRun })
        $0.property("last_run", doc: "When the latest run began, as os.time counts; nil before.", get: { $0.lastRun })
        $0.property("runs", doc: "How many runs have begun.", get: { $0.runs })
        $0.property("failures", doc: "How many have failed.", get: { $0.failures })
        $0.property("failures_in_a_row", doc: "How many have failed since one succeeded.", get: { $0.failuresInARow })
        $0.property("last_error", doc: "The error of the latest run that failed; nil before.") { task, call in
            switch task.lastError {
            case let error as CrossedError: try error.push(to: call.stack)
            case let error?: call.stack.push(error: error)
            case nil: call.stack.pushNil()
            }
            return 1
        }
        $0.metamethod("__tostring") { task, call in
            try call.results("<tasks.Task(\(task.name), \(task.schedule), \(task.phase))>")
        }
    }

    private func join(_ call: LuaCall) throws -> Int32 {
        if let current: CurrentTask = call.state.attachment(), current.task === self {
            throw LuaException(.runtimeError, "cannot join the task that runs this")
        }
        let seconds: Double? = try call.argument(2)
        let deadline = seconds.map { Deadline(after: max(0, $0)) }
        return try call.results(call.waiting { try join(until: deadline) })
    }
}

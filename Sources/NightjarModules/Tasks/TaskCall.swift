import NightjarConcurrency
import NightjarLua

/// The arguments that `tasks.every`, `after` and `cron` have in common, read from the stack of a bound call.
struct TaskCall {
    /// How many runs may be under way at once with `overlap = true`.
    private static let mostRuns = 8

    private let call: LuaCall
    private let signature: LuaSignature
    private var stack: LuaStack { call.stack }

    init(_ call: LuaCall, _ signature: LuaSignature) {
        self.call = call
        self.signature = signature
    }

    /// Starts the task and pushes it.
    func start(_ schedule: TaskSchedule) throws -> Int32 {
        let options = try self.options(), isDaemon: Bool? = try value("daemon"), name: String? = try value("name")
        let work = try TaskWork(target: target(), arguments: arguments(), stack)
        let environment = ScriptEnvironment.of(call.state)
        let task = ScheduledTask(name ?? environment.tasks.makeName(of: functionName), schedule, options)
        let thread = LuaThread(environment, isDaemon: isDaemon ?? CurrentThread.of(call.state).isDaemon)
        try TaskThread(task, work, thread, overlaps: options.mostRuns > 1).start(in: environment)
        return try call.results(task)
    }

    // MARK: What runs

    private func target() throws -> Int32 {
        guard stack.isCallable(at: 2) else {
            throw call.badArgument(2, "function expected, got \(stack.typeName(at: 2))")
        }
        return 2
    }

    private var functionName: String? { LuaThread.targetName(2, stack) }

    /// Where the table of arguments is; nil if there is none.
    private func arguments() throws -> Int32? {
        guard let index = index(of: "args") else { return nil }
        guard stack.type(at: index) == .table else {
            throw bad("args", "table expected, got \(stack.typeName(at: index))")
        }
        return index
    }

    // MARK: Options

    private func options() throws -> TaskOptions {
        TaskOptions(
            backoff: try backoff(), mostRuns: try mostRuns(), isImmediate: try value("immediate") ?? false,
            jitter: try jitter())
    }

    private func jitter() throws -> Double {
        let jitter: Double = try value("jitter") ?? 0
        guard jitter >= 0, jitter <= Deadline.timeoutMax else {
            throw LuaException(.valueError, "jitter must be a non-negative number of seconds")
        }
        return jitter
    }

    private func mostRuns() throws -> Int {
        guard let index = index(of: "overlap") else { return 1 }
        if stack.type(at: index) == .boolean { return stack.boolean(at: index) ? Self.mostRuns : 1 }
        guard stack.type(at: index) == .number else {
            throw bad("overlap", "true or a number of runs expected, got \(stack.typeName(at: index))")
        }
        let count: Int = try call.argument(index)
        guard (1...1_000).contains(count) else {
            throw LuaException(.valueError, "overlap must be from 1 to 1000 runs, not \(count)")
        }
        return count
    }

    private func backoff() throws -> Backoff? {
        guard let index = index(of: "backoff") else { return nil }
        if stack.type(at: index) == .boolean { return stack.boolean(at: index) ? Backoff() : nil }
        guard stack.type(at: index) == .table else {
            throw bad("backoff", "true or {initial=, factor=, max=} expected, got \(stack.typeName(at: index))")
        }
        var backoff = Backoff()
        stack.pushNil()
        while stack.next(index) {
            let key = stack.describeKey(at: -2)
            guard stack.type(at: -1) == .number else {
                throw bad("backoff", "\(key) is to be a number, got \(stack.typeName(at: -1))")
            }
            let number = stack.number(at: -1)
            switch key {
            case "initial" where number > 0: backoff.initial = number
            case "factor" where number >= 1: backoff.factor = number
            case "max" where number > 0: backoff.longest = number
            case "initial", "max": throw LuaException(.valueError, "backoff: \(key) must be greater than 0")
            case "factor": throw LuaException(.valueError, "backoff: factor must be at least 1")
            default: throw bad("backoff", "unknown name '\(key)' (known: initial, factor, max)")
            }
            stack.pop()
        }
        return backoff
    }

    // MARK: Arguments by name

    /// What says when: seconds, or an expression.
    func first<Value: LuaReadable>() throws -> Value { try call.argument(1) }

    /// Where the argument of this name is; nil where there is none, or the function knows no such name.
    private func index(of name: String) -> Int32? {
        guard let position = signature.parameters.firstIndex(of: name) else { return nil }
        let index = Int32(position) + 1
        return stack.isNilOrNone(at: index) ? nil : index
    }

    /// The argument of this name; nil where there is none.
    func value<Value: LuaReadable>(_ name: String) throws -> Value? {
        try index(of: name).map { try call.argument($0) }
    }

    private func bad(_ name: String, _ problem: String) -> LuaException {
        LuaException(.typeError, "bad argument '\(name)' to '\(call.name)' (\(problem))")
    }
}

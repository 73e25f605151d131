import NightjarConcurrency
import NightjarLua

/// What a task runs, on its way into other interpreters: the function and its arguments are one message.
struct TaskWork: Sendable {
    private let message: Message
    private let arguments: Int
    /// Whether the function gets the task, which it could not have as an upvalue: it crosses before there is one.
    private let takesTask: Bool

    /// - Parameter arguments: where the table of arguments is.
    /// - Throws: a `TypeError` that names what cannot cross.
    init(target: Int32, arguments: Int32?, _ stack: LuaStack) throws {
        let top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(8)
        var roots: [(index: Int32, root: MessageRoot)] = [(target, .target)]
        if let arguments {
            roots += try ThreadStart.pushArguments(arguments, stack).enumerated().map { ($1, .argument($0 + 1)) }
        }
        self.arguments = roots.count - 1
        // Functions of C and Swift may mind an argument that they do not expect.
        takesTask = arguments == nil && !(stack.type(at: target) == .function && stack.isNativeFunction(at: target))
        message = try MessageEncoder.encode(stack, roots)
    }

    /// Pushes the function and its arguments, which stay there for any number of runs.
    func unpack(to stack: LuaStack) throws {
        try MessageDecoder.push(message, count: arguments + 1, to: stack)
    }

    /// Calls the function that was unpacked at `index`.
    func call(_ task: ScheduledTask, at index: Int32, _ stack: LuaStack) throws {
        try stack.reserve(Int32(arguments) + 8)
        for offset in 0...Int32(arguments) { stack.pushCopy(of: index + offset) }
        var count = Int32(arguments)
        if takesTask {
            try task.push(to: stack)
            count += 1
        }
        try stack.call(arguments: count, results: 0)
    }
}

/// Which task an interpreter runs.
struct CurrentTask {
    let task: ScheduledTask
}

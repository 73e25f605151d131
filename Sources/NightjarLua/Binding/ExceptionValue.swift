import CLua
import CLuaSupport

/// An exception as Lua holds it: a table whose metatable is its class, with `args`, `traceback` and what its class adds.
struct ExceptionValue {
    private let message: String
    private let className: String
    private let cause: (any Error)?
    private let place: String?

    /// The exception at `index`; nil for any other value.
    init?(_ stack: LuaStack, at index: Int32) {
        let top = stack.top, index = stack.absolute(index)
        guard ExceptionValue.isException(stack, at: index), stack.pushMetatable(of: index) else { return nil }
        defer { stack.setTop(top) }
        className = ClassTable.qualifiedName(stack, at: -1)
        place = stack.rawGet(index, "where") == .string ? stack.string(at: -1) : nil
        stack.rawGet(index, key: Key.cause)
        cause = LuaErrorBox.read(stack, at: -1)
        message = nj_tostring(stack.L, index) == LUA_OK ? stack.string(at: -1) : "(no message: '__tostring' failed)"
    }

    static func isException(_ stack: LuaStack, at index: Int32) -> Bool {
        guard stack.type(at: index) == .table, stack.pushMetatable(of: index) else { return false }
        defer { stack.pop(2) }
        return stack.rawGet(-1, key: Key.exception) != .nil
    }

    func error(frames: [LuaFrame], reference: LuaReference) -> LuaError {
        LuaError(
            storage: LuaError.Storage(
                kind: .runtime, message: message, className: className, frames: frames, cause: cause, value: reference,
                place: place))
    }

    // MARK: Making one

    /// Pushes what raises `error` in Lua, whatever Swift error it is.
    static func push(error: any Error, to stack: LuaStack) {
        switch error {
        case let error as LuaError: error.pushValue(to: stack)
        case let error as LuaException: push(error, cause: nil, to: stack)
        case let error as any LuaExceptionConvertible: push(error.luaException, cause: error, to: stack)
        case let error as LuaMismatch: push(class: .typeError, message: error.description, cause: error, to: stack)
        default: push(class: .runtimeError, message: "\(error)", cause: error, to: stack)
        }
    }

    private static func push(_ exception: LuaException, cause: (any Error)?, to stack: LuaStack) {
        push(class: exception.exceptionClass, message: exception.message, cause: cause, to: stack)
        for (name, value) in exception.attributes {
            // A number, a text: pushing these cannot fail.
            if (try? value.push(to: stack)) != nil { stack.rawSet(-2, name) }
        }
    }

    static func push(
        class exceptionClass: LuaExceptionClass, message: String, cause: (any Error)? = nil, to stack: LuaStack
    ) {
        stack.newTable(record: 4)
        stack.newTable(array: 1)
        stack.push(message)
        stack.rawSet(-2, 1)
        stack.rawSet(-2, "args")
        if let cause {
            LuaErrorBox.push(cause, to: stack)
            stack.rawSet(-2, key: Key.cause)
        }
        exceptionClass.push(to: stack)
        if ClassTable.refusesFinalizer(of: -1, stack) {
            stack.pushNil()
            stack.rawSet(-2, "__gc")
        }
        stack.setMetatable(-2)
        annotate(stack, at: -1)
    }

    /// Notes where the exception at `index` is raised, unless it was raised before.
    static func annotate(_ stack: LuaStack, at index: Int32) {
        let index = stack.absolute(index)
        defer { stack.setTop(max(index, stack.top)) }
        let isNoted = stack.rawGet(index, "traceback") != .nil
        stack.pop()
        guard !isNoted else { return }
        let frames = LuaFrame.capture(stack)
        stack.push(LuaFrame.traceback(frames))
        stack.rawSet(index, "traceback")
        if let frame = frames.first(where: { $0.isScript && $0.line > 0 }) {
            stack.push("\(frame.source):\(frame.line)")
            stack.rawSet(index, "where")
        }
    }

    // MARK: What exceptions can do

    /// What the root of the exception classes finds by name.
    static let rootMembers = SharedFunction.Table(
        ClassTable.rootFunctions + [("init", SharedFunction("init", isMethod: true) { try initialize($0) })])

    /// Fills the root of the exception classes.
    static func fillRoot(_ stack: LuaStack) {
        describeFunction.push(to: stack)
        stack.rawSet(-2, "__tostring")
    }

    private static let describeFunction = SharedFunction("tostring") { try describe($0) }

    private static func initialize(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack, count = call.count
        guard stack.type(at: 1) == .table else { throw call.badArgument(1, "exception expected") }
        stack.newTable(array: Int(count))
        for index in stride(from: Int32(2), through: count, by: 1) {
            stack.pushCopy(of: index)
            stack.rawSet(-2, Int(index) - 1)
        }
        stack.rawSet(1, "args")
        return 0
    }

    /// Python's `str(e)`: nothing, the argument, or the tuple of arguments.
    private static func describe(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard stack.type(at: 1) == .table, stack.rawGet(1, "args") == .table else { return try call.results("") }
        let arguments = stack.top, count = stack.rawLength(at: arguments)
        if count == 0 { return try call.results("") }
        if count == 1 {
            stack.rawGet(arguments, 1)
            try stack.pushToString(-1)
            return 1
        }
        var parts: [String] = []
        for index in 1...count {
            stack.rawGet(arguments, index)
            let isString = stack.type(at: -1) == .string
            try stack.pushToString(-1)
            parts.append(isString ? "'\(stack.string(at: -1))'" : stack.string(at: -1))
            stack.pop(2)
        }
        return try call.results("(\(parts.joined(separator: ", ")))")
    }
}

extension LuaStack {
    /// Pushes the value that raises `error` in Lua, whatever Swift error it is.
    public func push(error: any Error) { ExceptionValue.push(error: error, to: self) }
}

/// Carries a Swift error through Lua and back.
public final class LuaErrorBox: CrossesThreads {
    public let error: any Error
    init(_ error: any Error) { self.error = error }

    public static let luaType = LuaType("SwiftError", for: LuaErrorBox.self) {
        $0.metamethod("__tostring") { box, call in try call.results("\(box.error)") }
    }

    static func push(_ error: any Error, to stack: LuaStack) { luaType.push(LuaErrorBox(error), to: stack) }

    static func read(_ stack: LuaStack, at index: Int32) -> (any Error)? {
        (stack.object(at: index) as? LuaErrorBox)?.error
    }
}

import CLua
import CLuaSupport

/// What went wrong in Lua, or on the way in or out of it.
///
/// An error that a script raised keeps its value: passed back into Lua it is the same value again. An error that a Swift function
/// threw keeps its identity in ``cause``.
public struct LuaError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure. New kinds may be added: give a `switch` over known ones a default.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        private enum Code { case syntax, runtime, memory, interrupted, conversion, file, closed, usage }
        private let code: Code

        /// The source text is not Lua, or is a refused binary chunk.
        public static let syntax = Kind(code: .syntax)
        /// The script, or a function that it called, raised an error.
        public static let runtime = Kind(code: .runtime)
        /// The memory limit of the interpreter was reached.
        public static let memory = Kind(code: .memory)
        /// A deadline, a cancellation, Ctrl-C or a spent budget ended the script; see ``LuaError/interruption``.
        public static let interrupted = Kind(code: .interrupted)
        /// A value did not have the type that Swift asked for.
        public static let conversion = Kind(code: .conversion)
        /// A script or module file could not be read.
        public static let file = Kind(code: .file)
        /// The interpreter was closed already.
        public static let closed = Kind(code: .closed)
        /// The Swift side used the interpreter in a way that cannot work.
        public static let usage = Kind(code: .usage)

        public var description: String { "\(code)" }
    }

    @usableFromInline
    final class Storage: Sendable {
        let kind: Kind
        let message: String
        let className: String?
        let frames: [LuaFrame]
        let interruption: LuaInterruption?
        let cause: (any Error)?
        let value: LuaReference?
        let place: String?
        let isPlainString: Bool

        init(
            kind: Kind, message: String, className: String? = nil, frames: [LuaFrame] = [],
            interruption: LuaInterruption? = nil, cause: (any Error)? = nil, value: LuaReference? = nil,
            place: String? = nil, isPlainString: Bool = false
        ) {
            self.kind = kind
            self.message = message
            self.className = className
            self.frames = frames
            self.interruption = interruption
            self.cause = cause
            self.value = value
            self.place = place
            self.isPlainString = isPlainString
        }
    }

    let storage: Storage

    init(storage: Storage) { self.storage = storage }

    /// An error of Swift's own. Thrown into Lua it becomes a `RuntimeError` with this message.
    public init(_ kind: Kind, _ message: String, cause: (any Error)? = nil) {
        storage = Storage(kind: kind, message: message, cause: cause)
    }

    public var kind: Kind { storage.kind }
    /// What `tostring` of the error value gives: for a plain string with the place in front, as Lua puts it.
    public var message: String { storage.message }
    /// The class of an exception value (`ValueError`, `queue.Empty`); nil for other error values.
    public var className: String? { storage.className }
    /// The Lua frames that were active where the error was raised, innermost first.
    public var frames: [LuaFrame] { storage.frames }
    /// Why the script was interrupted, where it was.
    public var interruption: LuaInterruption? { storage.interruption }
    /// The Swift error that a Swift function threw into Lua, with its identity.
    public var cause: (any Error)? { storage.cause }
    /// The error value itself where it is not a plain string; valid in the interpreter that raised it.
    public var value: LuaReference? { storage.value }

    /// `config.lua:12`, where the script was when the error was raised, if known.
    public var place: String? {
        storage.place ?? frames.first { $0.isScript && $0.line > 0 }.map { "\($0.source):\($0.line)" }
    }

    public var description: String { storage.message }

    /// The message as it is printed when nobody catches the error: place, class and message.
    public var report: String {
        guard !storage.isPlainString, kind != .syntax, kind != .file else { return message }
        let text = className.map { message.isEmpty ? $0 : "\($0): \(message)" } ?? message
        return place.map { "\($0): \(text)" } ?? text
    }

    /// Lua's `stack traceback:` with the frames of the script; empty where none was active.
    public var traceback: String { LuaFrame.traceback(frames) }
}

extension LuaError {
    /// Takes the error value from the top of the stack.
    @usableFromInline
    static func take(from stack: LuaStack, status: Int32) -> LuaError {
        let state = LuaState.of(stack)
        defer { stack.pop() }
        let frames = state.takeFrames()
        if status == LUA_ERRMEM {
            return LuaError(storage: Storage(kind: .memory, message: "not enough memory", frames: frames))
        }
        if nj_is_interruption(stack.L, -1) { return state.interruptionError() }
        if stack.type(at: -1) == .string {
            return LuaError(
                storage: Storage(
                    kind: status == LUA_ERRSYNTAX ? .syntax : .runtime, message: stack.string(at: -1), frames: frames,
                    isPlainString: true))
        }
        if let exception = ExceptionValue(stack, at: -1) {
            return exception.error(frames: frames, reference: LuaReference(stack, at: -1))
        }
        guard let message = describe(stack) else { return state.interruptionError() }
        return LuaError(
            storage: Storage(kind: .runtime, message: message, frames: frames, value: LuaReference(stack, at: -1)))
    }

    /// nil, if what describes the value was interrupted: then that is what ended the script.
    private static func describe(_ stack: LuaStack) -> String? {
        let top = stack.top
        defer { stack.setTop(top) }
        if stack.pushMetatable(of: -1), stack.rawGet(-1, "__tostring") != .nil {
            stack.setTop(top)
            if nj_tostring(stack.L, -1) == LUA_OK {
                if stack.type(at: -1) == .string { return stack.string(at: -1) }
            } else if nj_is_interruption(stack.L, -1) {
                return nil
            }
        }
        stack.setTop(top)
        return "(error object is a \(stack.type(at: -1)) value)"
    }

    /// The error that raises the value at `index` again.
    public static func raising(_ stack: LuaStack, at index: Int32) -> LuaError {
        if stack.type(at: index) == .string {
            return LuaError(storage: Storage(kind: .runtime, message: stack.string(at: index), isPlainString: true))
        }
        let reference = LuaReference(stack, at: index)
        return ExceptionValue(stack, at: index)?.error(frames: [], reference: reference)
            ?? LuaError(storage: Storage(kind: .runtime, message: "(error object)", value: reference))
    }

    /// Any Swift error as a `LuaError`.
    public static func wrapping(_ error: any Error) -> LuaError {
        switch error {
        case let error as LuaError: error
        case let error as LuaException: LuaError(exception: error, cause: nil)
        case let error as any LuaExceptionConvertible: LuaError(exception: error.luaException, cause: error)
        default: LuaError(.runtime, "\(error)", cause: error)
        }
    }

    private init(exception: LuaException, cause: (any Error)?) {
        storage = Storage(
            kind: .runtime, message: exception.message, className: exception.exceptionClass.qualifiedName, cause: cause)
    }

    /// Whether a script raised `SystemExit`, which ends its thread silently.
    public var isSystemExit: Bool { className == "SystemExit" }

    /// Whether the value at `index` is the one that this error stands for.
    func isValue(_ stack: LuaStack, at index: Int32) -> Bool {
        let index = stack.absolute(index)
        guard let value else { return stack.type(at: index) == .string && stack.string(at: index) == message }
        guard value.push(to: stack) else { return false }
        defer { stack.pop() }
        return stack.rawEqual(-1, index)
    }

    /// Pushes the value that raises this error in Lua again.
    func pushValue(to stack: LuaStack) {
        LuaState.of(stack).carryFrames(of: self)
        if let value, value.push(to: stack) { return }
        if kind == .interrupted {
            // A wait noticed it, not the hook: from here on it is uncatchable all the same.
            nj_begin_interruption(stack.L)
            return nj_push_interruption(stack.L)
        }
        // For memory that is what Lua raises itself.
        if storage.isPlainString || kind == .memory { return stack.push(message) }
        ExceptionValue.push(class: .runtimeError, message: message, cause: cause ?? self, to: stack)
    }
}

/// A value of exactly one error class of Python's, thrown by Swift.
public struct LuaException: Error, CustomStringConvertible {
    public let exceptionClass: LuaExceptionClass
    public let message: String
    /// Attributes of the exception value (`errno`, `filename`, ...).
    public let attributes: [(String, any LuaPushable & Sendable)]

    public init(
        _ exceptionClass: LuaExceptionClass, _ message: String, attributes: [(String, any LuaPushable & Sendable)] = []
    ) {
        self.exceptionClass = exceptionClass
        self.message = message
        self.attributes = attributes
    }

    public var description: String { "\(exceptionClass.qualifiedName): \(message)" }
}

/// A Swift error that scripts see as an exception of a certain class.
public protocol LuaExceptionConvertible: Error {
    var luaException: LuaException { get }
}

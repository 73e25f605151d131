import CLua
import CLuaSupport

/// A class of exceptions that scripts see: one of Python's built-in ones, or a module's own.
///
/// The same object stands for the class in every interpreter, so that an exception keeps its class when it crosses.
public final class LuaExceptionClass: Sendable {
    public let name: String
    /// The module that scripts find it in; nil for the built-in ones.
    public let module: String?
    public let parent: LuaExceptionClass?

    public init(_ name: String, module: String? = nil, parent: LuaExceptionClass? = .exception) {
        self.name = name
        self.module = module
        self.parent = parent
    }

    /// `queue.Empty`, `ValueError`
    public var qualifiedName: String { module.map { "\($0).\(name)" } ?? name }

    public func isSubclass(of other: LuaExceptionClass) -> Bool {
        self === other || parent?.isSubclass(of: other) ?? false
    }

    // Python's built-in exceptions, <https://docs.python.org/3/library/exceptions.html#exception-hierarchy>.
    public static let baseException = LuaExceptionClass("BaseException", parent: nil)
    public static let exception = LuaExceptionClass("Exception", parent: baseException)
    public static let systemExit = LuaExceptionClass("SystemExit", parent: baseException)
    public static let keyboardInterrupt = LuaExceptionClass("KeyboardInterrupt", parent: baseException)
    public static let arithmeticError = LuaExceptionClass("ArithmeticError")
    public static let overflowError = LuaExceptionClass("OverflowError", parent: arithmeticError)
    public static let zeroDivisionError = LuaExceptionClass("ZeroDivisionError", parent: arithmeticError)
    public static let assertionError = LuaExceptionClass("AssertionError")
    public static let attributeError = LuaExceptionClass("AttributeError")
    public static let eofError = LuaExceptionClass("EOFError")
    public static let importError = LuaExceptionClass("ImportError")
    public static let moduleNotFoundError = LuaExceptionClass("ModuleNotFoundError", parent: importError)
    public static let lookupError = LuaExceptionClass("LookupError")
    public static let indexError = LuaExceptionClass("IndexError", parent: lookupError)
    public static let keyError = LuaExceptionClass("KeyError", parent: lookupError)
    public static let memoryError = LuaExceptionClass("MemoryError")
    public static let nameError = LuaExceptionClass("NameError")
    public static let osError = LuaExceptionClass("OSError")
    public static let blockingIOError = LuaExceptionClass("BlockingIOError", parent: osError)
    public static let connectionError = LuaExceptionClass("ConnectionError", parent: osError)
    public static let brokenPipeError = LuaExceptionClass("BrokenPipeError", parent: connectionError)
    public static let connectionRefusedError = LuaExceptionClass("ConnectionRefusedError", parent: connectionError)
    public static let connectionResetError = LuaExceptionClass("ConnectionResetError", parent: connectionError)
    public static let fileExistsError = LuaExceptionClass("FileExistsError", parent: osError)
    public static let fileNotFoundError = LuaExceptionClass("FileNotFoundError", parent: osError)
    public static let interruptedError = LuaExceptionClass("InterruptedError", parent: osError)
    public static let isADirectoryError = LuaExceptionClass("IsADirectoryError", parent: osError)
    public static let notADirectoryError = LuaExceptionClass("NotADirectoryError", parent: osError)
    public static let permissionError = LuaExceptionClass("PermissionError", parent: osError)
    public static let timeoutError = LuaExceptionClass("TimeoutError", parent: osError)
    public static let referenceError = LuaExceptionClass("ReferenceError")
    public static let runtimeError = LuaExceptionClass("RuntimeError")
    public static let notImplementedError = LuaExceptionClass("NotImplementedError", parent: runtimeError)
    public static let recursionError = LuaExceptionClass("RecursionError", parent: runtimeError)
    public static let stopIteration = LuaExceptionClass("StopIteration")
    public static let typeError = LuaExceptionClass("TypeError")
    public static let valueError = LuaExceptionClass("ValueError")
    public static let unicodeError = LuaExceptionClass("UnicodeError", parent: valueError)
    public static let unicodeDecodeError = LuaExceptionClass("UnicodeDecodeError", parent: unicodeError)
    public static let warning = LuaExceptionClass("Warning")
    public static let userWarning = LuaExceptionClass("UserWarning", parent: warning)

    /// All built-in classes, in the order of the list above.
    public static let builtins: [LuaExceptionClass] = [
        baseException, exception, systemExit, keyboardInterrupt, arithmeticError, overflowError, zeroDivisionError,
        assertionError, attributeError, eofError, importError, moduleNotFoundError, lookupError, indexError, keyError,
        memoryError, nameError, osError, blockingIOError, connectionError, brokenPipeError, connectionRefusedError,
        connectionResetError, fileExistsError, fileNotFoundError, interruptedError, isADirectoryError,
        notADirectoryError, permissionError, timeoutError, referenceError, runtimeError, notImplementedError,
        recursionError, stopIteration, typeError, valueError, unicodeError, unicodeDecodeError, warning, userWarning,
    ]

    static func builtin(_ name: String) -> LuaExceptionClass {
        builtins.first { $0.name == name } ?? .runtimeError
    }

    /// The class of an error of the operating system, as Python chooses it (PEP 3151).
    public static func forErrno(_ code: Int32) -> LuaExceptionClass { OperatingSystemError.exceptionClass(code) }

    // MARK: The class table in one interpreter

    /// Pushes the class table, which is made on first use.
    public func push(to stack: LuaStack) {
        let key = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        if stack.registryGet(key) == .table { return }
        stack.pop()
        if let parent { parent.push(to: stack) } else { stack.pushNil() }
        let members = parent == nil ? ExceptionValue.rootMembers : nil
        ClassTable.push(name: name, module: module, parent: stack.top, members: members, to: stack)
        stack.remove(at: -2)
        stack.push(true)
        stack.rawSet(-2, key: Key.exception)
        stack.push(pointer: key)
        stack.rawSet(-2, key: Key.nativeClass)
        if parent == nil { ExceptionValue.fillRoot(stack) }
        stack.pushCopy(of: -1)
        stack.registrySet(key)
        // The registry's key is an address: it must stay this object's.
        _ = Unmanaged.passRetained(self)
    }

    /// The native class of a class table, or nil for one that a script made.
    public static func native(_ stack: LuaStack, at index: Int32) -> LuaExceptionClass? {
        defer { stack.pop() }
        guard stack.rawGet(index, key: Key.nativeClass) == .lightUserdata, let pointer = stack.userdata(at: -1) else {
            return nil
        }
        return Unmanaged<LuaExceptionClass>.fromOpaque(pointer).takeUnretainedValue()
    }
}

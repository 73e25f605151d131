import NightjarConcurrency
import NightjarLogging
import NightjarLua
import Synchronization

/// What scripts of one program have put in place of `logging.Logger` and `logging.LogRecord`, for all interpreters.
///
/// Thread-safe. Interpreters have copies, made anew after a change.
final class LogCustomization: Sendable {
    struct Part: Sendable {
        var version = 0
        /// The class or function; nil is the module's own.
        var value: Message?
    }

    private struct State {
        var recordFactory = Part()
        var loggerClass = Part()
        /// The class that each logger was made with, for those that were made with one of a script's.
        var loggers: [String: Message] = [:]
    }

    private let state = Mutex(State())
    private let captures = Atomic(false)
    /// Whether any program of this process has ever set something: one load spares all others the rest.
    private static let used = Atomic(false)
    /// The same for classes of loggers.
    private static let classes = Atomic(false)

    /// Whether warnings of scripts are records (`captureWarnings`).
    var capturesWarnings: Bool {
        get { captures.load(ordering: .relaxed) }
        set { captures.store(newValue, ordering: .relaxed) }
    }

    static var isUsed: Bool { used.load(ordering: .relaxed) }
    static var hasLoggerClasses: Bool { classes.load(ordering: .relaxed) }

    static func noteLoggerClass() {
        classes.store(true, ordering: .relaxed)
        used.store(true, ordering: .relaxed)
    }

    var recordFactory: Part { state.withLock { $0.recordFactory } }
    var loggerClass: Part { state.withLock { $0.loggerClass } }

    func setRecordFactory(_ value: Message?) {
        state.withLock { $0.recordFactory = Part(version: $0.recordFactory.version + 1, value: value) }
        Self.used.store(true, ordering: .relaxed)
    }

    func setLoggerClass(_ value: Message?) {
        state.withLock { $0.loggerClass = Part(version: $0.loggerClass.version + 1, value: value) }
        Self.noteLoggerClass()
    }

    func note(_ logger: String, madeWith value: Message) { state.withLock { $0.loggers[logger] = value } }
    func loggerClass(of name: String) -> Message? { state.withLock { $0.loggers[name] } }

    static func of(_ state: LuaState) -> LogCustomization { ScriptEnvironment.of(state).logCustomization }
}

/// Which record factory, a class, has made a record.
struct RecordOrigin: Sendable {
    let version: Int
}

// MARK: - Record factories

extension LogCustomization {
    private static let copies = RegistryKey()
    private struct FactoryVersion { var number = 0 }

    /// Pushes this interpreter's copy of the record factory; false, and nothing pushed, if there is none.
    static func pushRecordFactory(_ stack: LuaStack) throws -> Bool {
        guard isUsed else { return false }
        let state = LuaState.of(stack), part = of(state).recordFactory
        guard let value = part.value else { return false }
        let known: FactoryVersion = state.attachment { FactoryVersion() }
        if known.number == part.version, stack.registryGet(copies.pointer) != .nil { return true }
        if known.number == part.version { stack.pop() }
        try MessageDecoder.push(value, to: stack)
        keepFactory(part.version, stack)
        return true
    }

    /// Pushes this interpreter's copy of the class that was the record factory when a record was made; false, and nothing pushed, if there
    /// is another by now.
    static func pushRecordFactory(_ stack: LuaStack, _ origin: RecordOrigin) throws -> Bool {
        guard of(LuaState.of(stack)).recordFactory.version == origin.version else { return false }
        try stack.reserve(8)
        return try pushRecordFactory(stack)
    }

    /// Keeps the value on top as this interpreter's copy.
    private static func keepFactory(_ version: Int, _ stack: LuaStack) {
        LuaState.of(stack).setAttachment(FactoryVersion(number: version))
        stack.pushCopy(of: -1)
        stack.registrySet(copies.pointer)
    }

    /// `setLogRecordFactory(factory)`; the interpreter that sets one goes on with the original.
    static func setRecordFactory(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack, customization = of(call.state)
        let isClass = ClassTable.isClass(stack, at: 1)
        guard isClass || stack.type(at: 1) == .function else {
            throw call.badArgument(1, "function or class expected, got \(stack.typeName(at: 1))")
        }
        if isClass, LuaType.native(stack, exactClassAt: 1) === RecordObject.luaType {
            customization.setRecordFactory(nil)
            return 0
        }
        customization.setRecordFactory(
            try MessageEncoder.encode(stack, at: 1, as: MessageRoot(name: "factory")))
        stack.setTop(1)
        keepFactory(customization.recordFactory.version, stack)
        return 0
    }
}

// MARK: - Logger classes

extension LogCustomization {
    private static let instances = RegistryKey()

    static func setLoggerClass(_ call: LuaCall) throws -> Int32 {
        let stack = call.stack
        guard ClassTable.isClass(stack, at: 1), LuaType.native(stack, classAt: 1) === Logger.luaType else {
            throw LuaException(
                .typeError,
                "logger not derived from logging.Logger: "
                    + (ClassTable.isClass(stack, at: 1)
                        ? ClassTable.qualifiedName(stack, at: 1) : stack.typeName(at: 1)))
        }
        guard LuaType.native(stack, exactClassAt: 1) == nil else {
            of(call.state).setLoggerClass(nil)
            return 0
        }
        of(call.state).setLoggerClass(try MessageEncoder.encode(stack, at: 1, as: MessageRoot(name: "class")))
        return 0
    }

    static func pushLoggerClass(_ stack: LuaStack) throws {
        if let value = of(LuaState.of(stack)).loggerClass.value { return try MessageDecoder.push(value, to: stack) }
        Logger.luaType.pushClass(to: stack)
    }

    /// Pushes the logger of a name: an instance of the class that was set when it was first asked for.
    static func pushLogger(_ name: String?, _ call: LuaCall) throws {
        let system = call.logging, stack = call.stack
        guard isUsed, let name, !name.isEmpty, name != "root" else { return try system.logger(name).push(to: stack) }
        let customization = of(call.state)
        if !system.loggerNames.contains(name), let value = customization.loggerClass.value {
            customization.note(name, madeWith: value)
        }
        let logger = system.logger(name)
        guard let value = customization.loggerClass(of: name) else { return try logger.push(to: stack) }
        try pushInstance(logger, name, value, stack)
    }

    /// This interpreter's instance, made at the first call and kept, so that its fields stay.
    private static func pushInstance(_ logger: Logger, _ name: String, _ value: Message, _ stack: LuaStack) throws {
        try stack.reserve(12)
        if stack.registryGet(instances.pointer) != .table {
            stack.pop()
            stack.newTable()
            stack.pushCopy(of: -1)
            stack.registrySet(instances.pointer)
        }
        let kept = stack.top
        if stack.rawGet(kept, name) == .nil {
            stack.pop()
            try MessageDecoder.push(value, to: stack)
            LuaType.pushInstance(logger, classAt: stack.top, to: stack)
            stack.pushCopy(of: -1)
            stack.rawSet(kept, name)
            try stack.get(-1, "init")
            stack.pushCopy(of: -2)
            stack.push(name)
            try stack.call(arguments: 2, results: 0)
        }
        stack.replace(at: kept)
        stack.setTop(kept)
    }

    /// Whether the instance at `index` has a method of a script's in place of ours.
    static func overrides(_ method: String, at index: Int32, _ stack: LuaStack) throws -> Bool {
        try stack.get(index, method)
        defer { stack.pop() }
        return stack.type(at: -1) == .function && !stack.isNativeFunction(at: -1)
    }
}

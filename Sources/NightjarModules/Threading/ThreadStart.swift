import NightjarConcurrency
import NightjarLua

/// The way of a thread's function from one interpreter into another, and of its results back.
struct ThreadStart: Sendable {
    static let targetField = "_target", argumentsField = "_args", keywordsField = "_kwargs"

    let thread: LuaThread
    /// Target, arguments, the object, the hook: one message, so that they keep what they share.
    private let message: Message
    private let count: Int
    private let objectPosition: Int

    /// Encodes the object at `index` with what it is to run. Nothing is started if anything of it cannot cross.
    init(_ thread: LuaThread, objectAt index: Int32, _ stack: LuaStack) throws {
        let top = stack.top
        defer { stack.setTop(top) }
        var roots: [(index: Int32, root: MessageRoot)] = []
        stack.pushUserValue(of: index)
        if stack.type(at: -1) == .table {
            let fields = stack.top
            stack.rawGet(fields, ThreadStart.targetField)
            roots.append((stack.top, .target))
            stack.rawGet(fields, ThreadStart.argumentsField)
            roots += try ThreadStart.pushArguments(stack.top, stack).enumerated().map { ($1, .argument($0 + 1)) }
        }
        objectPosition = roots.count
        roots.append((index, .object))
        if ExceptHook.pushScripted(stack) { roots.append((stack.top, MessageRoot(name: "excepthook"))) }
        message = try MessageEncoder.encode(stack, roots)
        count = roots.count
        self.thread = thread
    }

    /// Pushes the elements of the array at `index`.
    static func pushArguments(_ index: Int32, _ stack: LuaStack) throws -> [Int32] {
        guard stack.type(at: index) == .table else { return [] }
        stack.rawGet(index, "n")
        let count = stack.exactInteger(at: -1).map(Int.init) ?? stack.rawLength(at: index)
        stack.pop()
        guard count >= 0, count < 1 << 16 else {
            throw LuaException(.valueError, "too many arguments for a thread: \(count)")
        }
        try stack.reserve(Int32(count) + 8)
        return (0..<count).map { position in
            stack.rawGet(index, position + 1)
            return stack.top
        }
    }

    // MARK: On the new thread

    func run(_ state: LuaState) -> LuaThread.Outcome {
        let stack = state.stack, top = stack.top
        do {
            try MessageDecoder.push(message, count: count, to: stack)
            if count > objectPosition + 1 { try ExceptHook.install(at: stack.top, stack) }
            let outcome = execute(state, objectAt: top + 1 + Int32(objectPosition))
            thread.settle(state, outcome)
            return outcome
        } catch {
            return failure(error, state, objectAt: nil)
        }
    }

    private func execute(_ state: LuaState, objectAt object: Int32) -> LuaThread.Outcome {
        let stack = state.stack
        do {
            try stack.get(object, "run")
            let function = stack.top
            stack.pushCopy(of: object)
            try stack.call(arguments: 1, results: -1)
            let results = stride(from: function, through: stack.top, by: 1).map { ($0, MessageRoot.result) }
            var outcome = LuaThread.Outcome(resultCount: results.count)
            if results.count == 1 {
                outcome.results = try MessageEncoder.encode(stack, at: results[0].0, as: .result)
            } else if !results.isEmpty {
                outcome.results = try MessageEncoder.encode(stack, results.map { (index: $0.0, root: $0.1) })
            }
            outcome.fields = ThreadFields.encode(object, stack)
            return outcome
        } catch {
            return failure(error, state, objectAt: object)
        }
    }

    private func failure(_ error: any Error, _ state: LuaState, objectAt object: Int32?) -> LuaThread.Outcome {
        let stack = state.stack, luaError = LuaError.wrapping(error)
        let isCancelled = luaError.kind == .interrupted
        var outcome = LuaThread.Outcome(phase: isCancelled ? .cancelled : .failed)
        if !isCancelled { outcome.error = CrossedError(error, on: stack) }
        if let object { outcome.fields = ThreadFields.encode(object, stack) }
        if !isCancelled { ExceptHook.report(error, luaError, thread, state) }
        if luaError.isDeadlock { ScriptEnvironment.of(state).threads.noteDeadlock() }
        return outcome
    }
}

/// Which thread an interpreter runs on.
struct CurrentThread {
    let thread: LuaThread

    static func of(_ state: LuaState) -> LuaThread {
        if let current: CurrentThread = state.attachment() { return current.thread }
        return ScriptEnvironment.of(state).mainThread
    }
}

/// The fields of a thread's object, on their way back from the interpreter that ran it.
enum ThreadFields {
    private static let merged = RegistryKey()

    /// The fields without those that the start needed. Fields that cannot cross stay behind.
    static func encode(_ object: Int32, _ stack: LuaStack) -> Message? {
        let top = stack.top
        defer { stack.setTop(top) }
        guard stack.pushUserValue(of: object) == .table else { return nil }
        let fields = stack.top
        for name in [ThreadStart.targetField, ThreadStart.argumentsField, ThreadStart.keywordsField] {
            stack.pushNil()
            stack.rawSet(fields, name)
        }
        if let message = try? MessageEncoder.encode(stack, at: fields, as: .object) { return message }
        dropWhatCannotCross(fields, stack)
        return try? MessageEncoder.encode(stack, at: fields, as: .object)
    }

    private static func dropWhatCannotCross(_ fields: Int32, _ stack: LuaStack) {
        var refused: [String] = []
        stack.pushNil()
        while stack.next(fields) {
            if stack.type(at: -2) == .string, (try? MessageEncoder.encode(stack, at: -1, as: .object)) == nil {
                refused.append(stack.string(at: -2))
            }
            stack.pop()
        }
        for name in refused {
            stack.pushNil()
            stack.rawSet(fields, name)
        }
    }

    /// The names of the fields that the object at `index` has.
    static func names(_ index: Int32, _ stack: LuaStack) -> Set<String> {
        let top = stack.top
        defer { stack.setTop(top) }
        guard stack.pushUserValue(of: index) == .table else { return [] }
        var names: Set<String> = []
        stack.pushNil()
        while stack.next(top + 1) {
            if stack.type(at: -2) == .string { names.insert(stack.string(at: -2)) }
            stack.pop()
        }
        return names
    }

    /// Brings the fields that the thread left into the object at `index`, once per interpreter.
    static func merge(_ outcome: LuaThread.Outcome, _ thread: LuaThread, into index: Int32, _ stack: LuaStack) throws {
        guard let message = outcome.fields, CurrentThread.of(LuaState.of(stack)) !== thread else { return }
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        if stack.pushUserValue(of: index) != .table {
            stack.newTable()
            stack.pushCopy(of: -1)
            stack.setUserValue(of: index)
            stack.replace(at: top + 1)
        }
        let fields = top + 1
        stack.setTop(fields)
        guard stack.rawGet(fields, key: merged.pointer) == .nil else { return }
        stack.push(true)
        stack.rawSet(fields, key: merged.pointer)
        try MessageDecoder.push(message, to: stack)
        let left = stack.top
        let leftNames = replaceFields(from: left, to: fields, stack)
        for name in thread.withSettings({ $0.fieldsAtStart }).subtracting(leftNames) {
            stack.pushNil()
            stack.rawSet(fields, name)
        }
    }

    private static func replaceFields(from left: Int32, to fields: Int32, _ stack: LuaStack) -> Set<String> {
        var names: Set<String> = []
        stack.pushNil()
        while stack.next(left) {
            if stack.type(at: -2) == .string { names.insert(stack.string(at: -2)) }
            stack.pushCopy(of: -2)
            stack.insert(at: -2)
            stack.rawSet(fields)
        }
        return names
    }
}

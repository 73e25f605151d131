import NightjarConcurrency
import NightjarLua

/// The way of a thread's function from one interpreter into another, and of its results back.
struct ThreadStart: Sendable {
    static let targetField = "_target", argumentsField = "_args", keywordsField = "_kwargs"

    let thread: LuaThread
    /// Target, arguments, the object: one message, so that they keep what they share.
    private let message: Message
    private let count: Int
    /// Nil for a thread that is nothing but its target: its object is made there if a script asks for it.
    private let objectPosition: Int?

    /// Encodes the object at `index` with what it is to run. Nothing is started if anything of it cannot cross.
    init(_ thread: LuaThread, objectAt index: Int32, _ stack: LuaStack) throws {
        let top = stack.top
        defer { stack.setTop(top) }
        var roots: [(index: Int32, root: MessageRoot)] = []
        let hasFields = stack.pushUserValue(of: index) == .table
        let isPlain = hasFields && ThreadStart.isPlain(thread, objectAt: index, fields: stack.top, stack)
        if hasFields {
            let fields = stack.top
            // They are fields of the object, too: here they get the names by which the script knows them.
            let names = ThreadStart.fieldsOfTheStart(thread.kind)
            stack.rawGet(fields, names[0])
            roots.append((stack.top, .target))
            stack.rawGet(fields, names[1])
            roots += try ThreadStart.pushArguments(stack.top, stack).enumerated().map { ($1, .argument($0 + 1)) }
            if stack.rawGet(fields, names[2]) == .table { roots.append((stack.top, .keywords)) }
        }
        objectPosition = isPlain ? nil : roots.count
        if !isPlain { roots.append((index, .object)) }
        message = try MessageEncoder.encode(stack, roots)
        count = roots.count
        self.thread = thread
    }

    /// Whether the object has no class and no fields that its thread could miss: nearly all threads are like that.
    private static func isPlain(
        _ thread: LuaThread, objectAt index: Int32, fields: Int32, _ stack: LuaStack
    ) -> Bool {
        let top = stack.top
        defer { stack.setTop(top) }
        guard thread.kind == .ordinary, stack.rawGet(fields, targetField) != .nil,
            ClassTable.pushClass(of: index, stack), LuaType.native(stack, exactClassAt: stack.top) === LuaThread.luaType
        else { return false }
        stack.pushNil()
        while stack.next(fields) {
            stack.pop()
            guard stack.type(at: -1) == .string,
                [targetField, argumentsField, keywordsField].contains(stack.string(at: -1))
            else { return false }
        }
        return true
    }

    /// The fields that say what is to be run: function, arguments, keywords. They do not come back.
    static func fieldsOfTheStart(_ kind: LuaThread.Kind) -> [String] {
        kind == .timer
            ? [ThreadTimer.functionField, ThreadTimer.argumentsField, ThreadTimer.keywordsField]
            : [targetField, argumentsField, keywordsField]
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
            let outcome = execute(state, from: top + 1)
            thread.settle(state, outcome)
            return outcome
        } catch {
            return failure(error, state, from: nil)
        }
    }

    /// Runs what was decoded, whose first value is at `first`.
    private func execute(_ state: LuaState, from first: Int32) -> LuaThread.Outcome {
        let stack = state.stack
        do {
            // It came along with something: its fields are wanted at the end.
            if objectPosition == nil, LuaType.pushKnown(thread, to: stack) { thread.keepIfOwn(at: stack.top, stack) }
            let bottom = stack.top + 1
            if let objectPosition {
                let object = first + Int32(objectPosition)
                try stack.get(object, "run")
                stack.pushCopy(of: object)
                try stack.call(arguments: 1, results: -1)
            } else {
                try stack.reserve(Int32(count) + 8)
                for index in 0..<Int32(count) { stack.pushCopy(of: first + index) }
                try stack.call(arguments: Int32(count) - 1, results: -1)
            }
            var outcome = try results(stack, from: bottom)
            outcome.fields = fields(first, stack)
            return outcome
        } catch {
            return failure(error, state, from: first)
        }
    }

    /// What the thread leaves as its results: those from `first` to the top.
    private func results(_ stack: LuaStack, from first: Int32) throws -> LuaThread.Outcome {
        let values = stride(from: first, through: stack.top, by: 1).map { (index: $0, root: MessageRoot.result) }
        var outcome = LuaThread.Outcome(resultCount: values.count)
        do {
            if values.count == 1 {
                outcome.results = try MessageEncoder.encode(stack, at: first, as: .result)
            } else if !values.isEmpty {
                outcome.results = try MessageEncoder.encode(stack, values)
            }
        } catch let error as TransferError {
            // Perhaps nobody wants them; who does is told.
            outcome.refusedResult = error
        }
        return outcome
    }

    /// The fields for the starter's object. Those that cannot cross are told of: nobody would find out otherwise.
    private func fields(_ first: Int32, _ stack: LuaStack, isSilent: Bool = false) -> Message? {
        let top = stack.top
        defer { stack.setTop(top) }
        if let objectPosition {
            stack.pushCopy(of: first + Int32(objectPosition))
        } else if !LuaType.pushKnown(thread, to: stack) {
            return nil
        }
        let (message, refused) = ThreadFields.encode(
            stack.top, stack, without: ThreadStart.fieldsOfTheStart(thread.kind))
        for error in refused where !isSilent {
            StandardError.report(
                "RuntimeWarning: thread '\(thread.name)' leaves a field behind: \(error.luaException.message)")
        }
        return message
    }

    private func failure(_ error: any Error, _ state: LuaState, from first: Int32?) -> LuaThread.Outcome {
        let stack = state.stack, luaError = LuaError.wrapping(error)
        let isCancelled = luaError.kind == .interrupted
        var outcome = LuaThread.Outcome(phase: isCancelled ? .cancelled : .failed)
        if !isCancelled { outcome.error = CrossedError(error, on: stack) }
        if let first { outcome.fields = fields(first, stack, isSilent: isCancelled) }
        if !isCancelled { ExceptHook.report(error, luaError, thread, state) }
        if luaError.isDeadlock { ScriptEnvironment.of(state).threads.noteDeadlock() }
        return outcome
    }
}

import NightjarConcurrency
import NightjarLua

/// The fields of a thread's object, on their way back from the interpreter that ran it.
enum ThreadFields {
    private static let merged = RegistryKey()

    /// Pushes the table of fields of the object at `index`, which is made if there is none.
    static func pushTable(of index: Int32, _ stack: LuaStack) {
        let index = stack.absolute(index)
        if stack.pushUserValue(of: index) == .table { return }
        stack.pop()
        stack.newTable(record: 4)
        stack.pushCopy(of: -1)
        stack.setUserValue(of: index)
    }

    /// Removes all fields of the object at `index`.
    static func clear(_ index: Int32, _ stack: LuaStack) {
        let top = stack.top
        defer { stack.setTop(top) }
        guard stack.pushUserValue(of: index) == .table else { return }
        stack.pushNil()
        while stack.next(top + 1) {
            stack.pop()
            stack.pushCopy(of: -1)
            stack.pushNil()
            stack.rawSet(top + 1)
        }
    }

    /// The fields without those that the start needed, and why some of them stay behind.
    static func encode(
        _ object: Int32, _ stack: LuaStack, without names: [String]
    ) -> (message: Message?, refused: [TransferError]) {
        let top = stack.top
        defer { stack.setTop(top) }
        guard stack.pushUserValue(of: object) == .table else { return (nil, []) }
        let fields = stack.top
        for name in names {
            stack.pushNil()
            stack.rawSet(fields, name)
        }
        if let message = try? MessageEncoder.encode(stack, at: fields, as: .object) { return (message, []) }
        let refused = removeWhatCannotCross(fields, stack)
        return (try? MessageEncoder.encode(stack, at: fields, as: .object), refused)
    }

    private static func removeWhatCannotCross(_ fields: Int32, _ stack: LuaStack) -> [TransferError] {
        var refused: [TransferError] = []
        stack.pushNil()
        while stack.next(fields) {
            let key = stack.describeKey(at: -2)
            let root = MessageRoot(name: stack.type(at: -2) == .string ? "self.\(key)" : "self\(key)")
            do {
                _ = try MessageEncoder.encode(stack, at: -1, as: root)
                _ = try MessageEncoder.encode(stack, at: -2, as: MessageRoot(name: "a key of self"))
                stack.pop()
            } catch {
                if let error = error as? TransferError { refused.append(error) }
                stack.pop()
                stack.pushCopy(of: -1)
                stack.pushNil()
                // Allowed during a traversal, because the field is there.
                stack.rawSet(fields)
            }
        }
        return refused
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
        let top = stack.top
        defer { stack.setTop(top) }
        pushTable(of: index, stack)
        let fields = stack.top
        guard stack.rawGet(fields, key: merged.pointer) == .nil else { return }
        stack.push(true)
        stack.rawSet(fields, key: merged.pointer)
        try MessageDecoder.push(message, to: stack)
        let left = stack.top
        let leftNames = replaceFields(from: left, to: fields, stack)
        // What the start needed is not among what came back, and gone without that.
        let kept = leftNames.union(ThreadStart.fieldsOfTheStart(thread.kind))
        for name in thread.withSettings({ $0.fieldsAtStart }).subtracting(kept) {
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

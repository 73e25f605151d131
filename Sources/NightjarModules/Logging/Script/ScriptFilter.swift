import NightjarLogging
import NightjarLua
import Synchronization

/// A filter written in Lua: a function, a table with a method `filter`, or an instance of a script's subclass of `logging.Filter`.
///
/// Runs in a cell of its own from the moment it is added somewhere. Thread-safe.
final class ScriptFilter: Filter, WorksInCell, MovedObject {
    private let storage: Mutex<ScriptCell?>
    /// The filter of the instance in the cell.
    private let inner = Mutex<ScriptFilter?>(nil)
    /// What `logging.Filter`'s own methods do for an instance of a subclass.
    private let base = Mutex(NameFilter())

    init(_ cell: ScriptCell? = nil) { storage = Mutex(cell) }

    static var luaType: LuaType { NameFilter.luaType }
    static let sharedAttributes: Set = ["name"]

    var cell: ScriptCell? { storage.withLock { $0 } }
    var nameFilter: NameFilter {
        get { base.withLock { $0 } }
        set {
            base.withLock { $0 = newValue }
            inner.withLock { $0 }?.nameFilter = newValue
        }
    }

    /// A filter that logs does not see its own records: they are dropped.
    func filter(_ record: inout LogRecord) throws -> FilterDecision {
        guard let cell else { return nameFilter.filter(&record) }
        let object = RecordObject(record)
        do {
            let decision = try cell.call("filter") { stack in
                try object.push(madeAs: record, to: stack)
                return 1
            } _: { stack in
                decide(stack, about: object)
            }
            record = object.record
            return decision ?? .drop
        } catch {
            throw ScriptFailure(error: error)
        }
    }

    /// Lua truth, or another record.
    private func decide(_ stack: LuaStack, about object: RecordObject) -> FilterDecision {
        if let other = stack.object(at: -1) as? RecordObject {
            return other === object ? .keep : .replace(other.record)
        }
        return stack.boolean(at: -1) ? .keep : .drop
    }

    // MARK: From a script's value

    private static let wrappers = RegistryKey()

    /// Pushes the script's function or table for the filter; false, and nothing pushed, where it is gone, or another interpreter's.
    func pushOrigin(to stack: LuaStack) throws -> Bool {
        try ScriptWrappers.pushOrigin(of: self, Self.wrappers.pointer, stack)
    }

    /// The filter that the argument is or stands for; one of the script's gets its cell now.
    static func filter(_ call: LuaCall, at index: Int32) throws -> any Filter {
        let stack = call.stack
        if let known = try known(call, at: index) {
            if let filter = known as? ScriptFilter, filter.cell == nil {
                let inner = ScriptFilter()
                inner.nameFilter = filter.nameFilter
                let cell = try ScriptCell(stack, instanceAt: index, as: "filter", inner: inner)
                filter.storage.withLock { $0 = cell }
                filter.inner.withLock { $0 = inner }
                RemoteInstance.redirect(stack, at: index, to: filter)
            }
            return known
        }
        let moved = MovedTable.object(stack, at: index)
        let cell = try moved?.cell ?? ScriptCell(stack, at: index, as: "filter")
        let filter = ScriptFilter(cell)
        try ScriptWrappers.note(filter, for: index, wrappers.pointer, stack)
        if moved == nil { try MovedTable.redirect(stack, at: index, to: filter, cell) }
        return filter
    }

    /// The filter that the argument is or has become; nil for a function or table that was not added anywhere.
    static func known(_ call: LuaCall, at index: Int32) throws -> (any Filter)? {
        let stack = call.stack
        if let native = stack.object(at: index) as? NativeFilter { return native.filter }
        if let filter = stack.object(at: index) as? any Filter { return filter }
        guard stack.type(at: index) == .function || stack.type(at: index) == .table else {
            throw call.badArgument(index, "filter, function or table expected, got \(stack.typeName(at: index))")
        }
        return ScriptWrappers.find(index, wrappers.pointer, stack) as? ScriptFilter
    }
}

/// What a script's functions and tables have become, so that the same one is found again. Does not keep them alive.
enum ScriptWrappers {
    static func note(_ object: some LuaObject, for index: Int32, _ key: UnsafeRawPointer, _ stack: LuaStack) throws {
        let top = stack.top, index = stack.absolute(index)
        defer { stack.setTop(top) }
        try stack.reserve(8)
        pushTable(key, stack)
        stack.pushCopy(of: index)
        try object.push(to: stack)
        stack.rawSet(top + 1)
    }

    static func find(_ index: Int32, _ key: UnsafeRawPointer, _ stack: LuaStack) -> AnyObject? {
        let top = stack.top, index = stack.absolute(index)
        defer { stack.setTop(top) }
        pushTable(key, stack)
        stack.pushCopy(of: index)
        stack.rawGet(top + 1)
        return stack.object(at: -1)
    }

    /// Pushes what has become `object`; false, and nothing pushed, if it is gone or was never here.
    static func pushOrigin(of object: AnyObject, _ key: UnsafeRawPointer, _ stack: LuaStack) throws -> Bool {
        try stack.reserve(8)
        pushTable(key, stack)
        let table = stack.top
        stack.pushNil()
        while stack.next(table) {
            if stack.object(at: -1) === object {
                stack.pop()
                stack.remove(at: table)
                return true
            }
            stack.pop()
        }
        stack.setTop(table - 1)
        return false
    }

    private static func pushTable(_ key: UnsafeRawPointer, _ stack: LuaStack) {
        if stack.registryGet(key) == .table { return }
        stack.pop()
        stack.newTable()
        stack.newTable(record: 1)
        stack.push("k")
        stack.rawSet(-2, "__mode")
        stack.setMetatable(-2)
        stack.pushCopy(of: -1)
        stack.registrySet(key)
    }
}

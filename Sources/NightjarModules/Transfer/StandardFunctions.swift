import NightjarLua
import Synchronization

/// The C functions of Lua's standard libraries that the interpreters of one program start with: those that are the same address
/// everywhere, and can be told by it. Iterators that no table has, such as the one of `ipairs`, are among them.
final class StandardFunctions: Sendable {
    private let options: LuaState.Options
    private let found = Mutex<[UInt: String]?>(nil)

    init(_ options: LuaState.Options) { self.options = options }

    /// The name of each, by address.
    var names: [UInt: String] {
        if let names = found.withLock({ $0 }) { return names }
        // From an interpreter of its own: scripts may have put anything into the tables of theirs.
        let names = (try? LuaState(options)).map(StandardFunctions.read) ?? [:]
        return found.withLock {
            $0 = $0 ?? names
            return $0 ?? names
        }
    }

    private static let libraries = [
        "_G", "coroutine", "debug", "io", "math", "os", "package", "string", "table", "utf8",
    ]
    private static func read(_ state: LuaState) -> [UInt: String] {
        defer { state.close() }
        var names: [UInt: String] = [:]
        try? state.withStack { stack throws(LuaError) in
            stack.pushRegistryTable("_LOADED")
            let loaded = stack.top
            for library in libraries where stack.rawGet(loaded, library) == .table {
                noteMembers(library == "_G" ? "" : library + ".", stack, &names)
                stack.setTop(loaded)
            }
            stack.setTop(loaded)
            if stack.pushStringMetatable() { noteMembers("string metamethod ", stack, &names) }
            stack.pushRegistryTable("FILE*")
            if stack.rawGet(-1, "__index") == .table { noteMembers("file:", stack, &names) }
        }
        try? state.withStack { stack throws(LuaError) in
            try noteIterator("_G", "ipairs", stack, &names) { $0.newTable() }
            try noteIterator("utf8", "codes", stack, &names) { $0.push("") }
            try noteIterator("utf8", "codes", stack, &names) {
                $0.push("")
                $0.push(true)
            }
        }
        return names
    }

    /// The members of the table on top.
    private static func noteMembers(_ prefix: String, _ stack: LuaStack, _ names: inout [UInt: String]) {
        let table = stack.top
        stack.pushNil()
        while stack.next(table) {
            if stack.type(at: -2) == .string { note(prefix + stack.string(at: -2), stack, &names) }
            stack.pop()
        }
    }

    /// What a function of a library gives, for what `push` pushes as arguments.
    private static func noteIterator(
        _ library: StaticString, _ name: StaticString, _ stack: LuaStack, _ names: inout [UInt: String],
        _ push: (LuaStack) -> Void
    ) throws(LuaError) {
        let top = stack.top
        defer { stack.setTop(top) }
        stack.pushRegistryTable("_LOADED")
        guard stack.rawGet(-1, library) == .table, stack.rawGet(-1, name) == .function else { return }
        let function = stack.top
        push(stack)
        try stack.call(arguments: stack.top - function, results: 1)
        note("the iterator of \(name)", stack, &names)
    }

    /// The value on top, if it is such a function.
    private static func note(_ name: String, _ stack: LuaStack, _ names: inout [UInt: String]) {
        guard let pointer = stack.standardFunction(at: -1).map(UInt.init(bitPattern:)), names[pointer] == nil else {
            return
        }
        names[pointer] = name
    }
}

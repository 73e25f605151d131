import NightjarLua

/// The ways by which functions that each interpreter has its own of are found in every one: a global that all start with, a
/// member of a module.
enum NativeNames {
    private static let ways = RegistryKey()
    private static let separator = "\0"

    /// The names that lead to the function at `index`: of a module and a member, or of a global of the start. Nil if there is no way.
    static func way(to index: Int32, _ stack: LuaStack) -> [String]? {
        let index = stack.absolute(index), top = stack.top
        defer { stack.setTop(top) }
        pushWays(stack)
        stack.pushCopy(of: index)
        if stack.rawGet(-2) == .string {
            let way = split(stack.string(at: -1))
            if leads(way, to: index, stack) { return way }
        }
        stack.setTop(top + 1)
        guard let way = search(index, stack) else { return nil }
        stack.pushCopy(of: index)
        stack.push(way.joined(separator: separator))
        stack.rawSet(top + 1)
        return way
    }

    private static func split(_ text: String) -> [String] {
        text.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }

    private static func pushWays(_ stack: LuaStack) {
        if stack.registryGet(ways.pointer) == .table { return }
        stack.pop()
        stack.newTable()
        stack.newTable(record: 1)
        stack.push("k")
        stack.rawSet(-2, "__mode")
        stack.setMetatable(-2)
        stack.pushCopy(of: -1)
        stack.registrySet(ways.pointer)
    }

    /// Whether the names still lead to that function: scripts may have put another one there.
    private static func leads(_ way: [String], to index: Int32, _ stack: LuaStack) -> Bool {
        let top = stack.top
        defer { stack.setTop(top) }
        if way.count == 1 { return Baseline.push(way[0], stack) && stack.rawEqual(-1, index) }
        stack.pushRegistryTable("_LOADED")
        for name in way {
            guard stack.type(at: -1) == .table else { return false }
            stack.rawGet(-1, name)
        }
        return stack.rawEqual(-1, index)
    }

    private static func search(_ index: Int32, _ stack: LuaStack) -> [String]? {
        let top = stack.top
        defer { stack.setTop(top) }
        Baseline.pushAll(stack)
        if stack.type(at: -1) == .table, let name = Baseline.name(of: index, inTableOnTop: stack) { return [name] }
        stack.setTop(top)
        stack.pushRegistryTable("_LOADED")
        stack.pushNil()
        while stack.next(top + 1) {
            if stack.type(at: top + 2) == .string, stack.type(at: top + 3) == .table,
                let name = Baseline.name(of: index, inTableOnTop: stack)
            {
                return [stack.string(at: top + 2), name]
            }
            stack.setTop(top + 2)
        }
        return nil
    }

    /// Pushes what the names lead to.
    static func push(_ way: [String], _ transfer: TransferState, to stack: LuaStack) throws(LuaError) {
        if way.count == 1 {
            guard Baseline.push(way[0], stack) else {
                throw LuaError(.conversion, "this interpreter has no '\(way[0])', which the sender's starts with")
            }
            return
        }
        try transfer.pushModule([way[0]], to: stack)
        if stack.type(at: -1) == .table {
            stack.rawGet(-1, way[1])
            stack.remove(at: -2)
        }
        if stack.type(at: -1) != .function, stack.type(at: -1) != .table {
            throw LuaError(
                .conversion, "this interpreter has no '\(way.joined(separator: "."))', which the sender's has")
        }
    }
}

import NightjarLua

/// The parameters of a function whose last argument may be a table of names: `open("a", "w", {force_zip64 = true})`,
/// or the only one: `ZipFile{file = "x.zip", mode = "w"}`.
///
/// A list (a table with `[1]`), an empty table and one with a metatable are ordinary values.
struct NamedArguments: Sendable {
    private let parameters: [String]
    /// How many can be given by position.
    private let positional: Int

    /// `"name, mode, *, force_zip64"`: names in order; what follows `*` goes by name alone.
    init(_ list: String) {
        let names = list.split(separator: ",").map { String($0.drop { $0 == " " }) }
        positional = names.firstIndex(of: "*") ?? names.count
        parameters = names.filter { $0 != "*" }
    }

    /// Puts each argument at its parameter's place from `first` on; missing ones become nil.
    /// - Throws: a `TypeError` for an unknown name, which lists the known ones, a name given twice, and too many arguments.
    func bind(_ call: LuaCall, from first: Int32 = 2) throws {
        let stack = call.stack, total = Int32(parameters.count)
        try stack.reserve(total + 8)
        var given = max(stack.top - first + 1, 0)
        let hasNames = given > 0 && Self.isNames(stack)
        if hasNames { given -= 1 }
        guard given <= positional else {
            throw LuaException(
                .typeError, "\(call.name)() takes at most \(positional) positional arguments (\(given) given)")
        }
        guard hasNames else { return stack.setTop(first + total - 1) }
        stack.insert(at: first)
        stack.setTop(first + total)
        try spread(call, table: first, given: Int(given))
        stack.remove(at: first)
    }

    /// Copies the values of the table to their places behind it.
    private func spread(_ call: LuaCall, table: Int32, given: Int) throws {
        let stack = call.stack
        stack.pushNil()
        while stack.next(table) {
            let key = stack.describeKey(at: -2)
            guard let index = parameters.firstIndex(of: key) else {
                let known = parameters.joined(separator: ", ")
                throw LuaException(
                    .typeError, "\(call.name)() got an unexpected named argument '\(key)' (known: \(known))")
            }
            guard index >= given else {
                throw LuaException(.typeError, "\(call.name)() got multiple values for argument '\(key)'")
            }
            stack.replace(at: table + 1 + Int32(index))
        }
    }

    private static func isNames(_ stack: LuaStack) -> Bool {
        let table = stack.top
        guard stack.type(at: table) == .table else { return false }
        defer { stack.setTop(table) }
        if stack.pushMetatable(of: table) { return false }
        if stack.rawGet(table, 1) != .nil { return false }
        stack.setTop(table)
        stack.pushNil()
        return stack.next(table)
    }
}

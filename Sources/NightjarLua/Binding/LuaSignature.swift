/// The parameters of a function that scripts may call by position or with one table of named arguments.
///
/// After ``LuaCall/bind()`` the arguments stand at their positions, whichever way they were given.
public struct LuaSignature: Sendable {
    public let parameters: [String]
    /// Other names for parameters, for those whose own name is a word of Lua.
    public let aliases: [String: String]
    /// The parameters from this one on (counted from 0) can be given by name alone, in a last table.
    public let keywordOnlyFrom: Int
    /// Whether a single table is the table of named arguments. False where the first parameter is itself a table.
    public let isNamed: Bool
    /// A single table that has a function of this name is an argument, not the table of named arguments.
    public let dataMethod: String?
    /// The parameters whose own values may be tables. Where this is given, a plain table in the place of any other holds named
    /// arguments, after some by position: `wait_for(predicate, {timeout = 1})`.
    public let tables: Set<String>?
    /// The class of the error for an unknown name, and what stands before that name, where Python has words of its own.
    public let unknown: (LuaExceptionClass, String)?

    /// `"target, name, args, *, daemon"`: names in order; what follows `*` goes by name alone.
    public init(
        _ parameters: String, aliases: [String: String] = [:], isNamed: Bool = true,
        dataMethod: String? = nil, tables: Set<String>? = nil, unknown: (LuaExceptionClass, String)? = nil
    ) {
        let names = parameters.split(separator: ",").map { name in
            String(name.drop { $0 == " " }.prefix { $0 != " " })
        }
        let star = names.firstIndex(of: "*")
        self.parameters = names.filter { $0 != "*" }
        keywordOnlyFrom = star ?? self.parameters.count
        self.aliases = aliases
        self.isNamed = isNamed
        self.dataMethod = dataMethod
        self.tables = tables
        self.unknown = unknown
    }

    /// The names for a message, each with the other one that it goes by.
    fileprivate var knownNames: [String] {
        parameters.map { name in
            ([name] + aliases.keys.filter { aliases[$0] == name }.sorted()).joined(separator: " or ")
        }
    }

    /// The name of parameter `number`, counted from 1.
    func parameter(_ number: Int) -> String? {
        parameters.indices.contains(number - 1) ? parameters[number - 1] : nil
    }
}

extension LuaCall {
    /// Puts the arguments at the positions that the signature gives them; missing ones become nil. The object of a method, and
    /// `skip` more leading arguments, stay where they are.
    /// - Throws: a `TypeError` for an unknown name, which lists the known ones, and for too many arguments.
    public func bind(skip: Int32 = 0) throws {
        guard let signature = function.signature else { return }
        try bind(to: signature, skip: skip)
    }

    /// As ``bind(skip:)``, for a function that is not described by its signature alone.
    func bind(to signature: LuaSignature, skip: Int32 = 0) throws {
        let first = skip + (function.isMethod ? 2 : 1), count = stack.top - first + 1
        let positional = Int32(signature.keywordOnlyFrom), total = Int32(signature.parameters.count)
        try stack.reserve(total + 8)
        if signature.isNamed, count == 1, isPlainTable(first), !hasSequence(first), !isData(first, signature) {
            return try place(signature, table: first, first: first, given: 0)
        }
        if endsWithNames(signature, count) {
            return try place(signature, table: stack.top, first: first, given: count - 1)
        }
        // A table of options that is nil is none.
        let hasNoOptions = count == positional + 1 && total > positional && stack.type(at: stack.top) == .nil
        if count > positional, !hasNoOptions {
            guard count == positional + 1, total > positional, isPlainTable(stack.top) else {
                throw tooMany(count, atMost: positional)
            }
            return try place(signature, table: stack.top, first: first, given: positional)
        }
        if hasNoOptions { stack.pop() }
        stack.setTop(first + total - 1)
    }

    /// Whether the last of several arguments is a table of named ones in the place of a parameter that goes by position too.
    private func endsWithNames(_ signature: LuaSignature, _ count: Int32) -> Bool {
        guard count > 1, stack.type(at: stack.top) == .table, let tables = signature.tables,
            count <= signature.keywordOnlyFrom
        else { return false }
        return !tables.contains(signature.parameters[Int(count) - 1]) && isPlainTable(stack.top)
            && !hasSequence(stack.top)
    }

    private func isPlainTable(_ index: Int32) -> Bool {
        guard stack.type(at: index) == .table else { return false }
        guard stack.pushMetatable(of: index) else { return true }
        stack.pop()
        return false
    }

    /// A table with `[1]` is a list, not named arguments.
    private func hasSequence(_ index: Int32) -> Bool {
        defer { stack.pop() }
        return stack.rawGet(index, 1) != .nil
    }

    private func isData(_ index: Int32, _ signature: LuaSignature) -> Bool {
        guard let method = signature.dataMethod else { return false }
        defer { stack.pop() }
        return stack.rawGet(index, method) == .function
    }

    private func place(_ signature: LuaSignature, table: Int32, first: Int32, given: Int32) throws {
        let total = Int32(signature.parameters.count)
        stack.pushCopy(of: table)
        stack.remove(at: table)
        stack.insert(at: first + given)
        let named = first + given
        // Beyond the table: the values of the parameters from `given` on, then the traversal.
        stack.setTop(named + total - given)
        stack.pushNil()
        while stack.next(named) {
            guard stack.type(at: -2) == .string else {
                throw LuaException(.typeError, "\(name)() got \(stack.describeKey(at: -2)) beside its named arguments")
            }
            let key = stack.string(at: -2)
            guard let index = signature.parameters.firstIndex(of: signature.aliases[key] ?? key) else {
                throw unknown(key, signature)
            }
            guard index >= given else {
                throw LuaException(.typeError, "\(name)() got multiple values for argument '\(key)'")
            }
            stack.replace(at: named + 1 + Int32(index) - given)
        }
        stack.remove(at: named)
    }

    private func tooMany(_ count: Int32, atMost most: Int32) -> LuaException {
        let allowed = most == 0 ? "no arguments" : "at most \(most) positional arguments"
        return LuaException(.typeError, "\(name)() takes \(allowed) (\(count) given)")
    }

    private func unknown(_ key: String, _ signature: LuaSignature) -> LuaException {
        if signature.parameters.isEmpty {
            return LuaException(.typeError, "\(name)() takes no arguments (got a named argument '\(key)')")
        }
        let known = signature.knownNames.joined(separator: ", ")
        if let (kind, words) = signature.unknown { return LuaException(kind, "\(words)\(key) (known: \(known))") }
        return LuaException(.typeError, "\(name)() got an unexpected named argument '\(key)' (known: \(known))")
    }
}

extension LuaCall {
    /// Where the argument of a parameter stands after ``bind()``; nil if the function's signature has none of the name.
    public func index(of parameter: String) -> Int32? {
        guard let place = function.signature?.parameters.firstIndex(of: parameter) else { return nil }
        return Int32(place) + (function.isMethod ? 2 : 1)
    }
}

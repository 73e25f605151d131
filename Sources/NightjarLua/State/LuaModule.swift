/// A module written in Swift, as `require` finds it.
///
/// Described once per process; an interpreter builds its table when a script first requires it.
public struct LuaModule: Sendable {
    public let name: String
    public let doc: String
    let build: @Sendable (inout LuaModuleBuilder) throws -> Void

    public init(
        _ name: String, doc: String = "", _ build: @escaping @Sendable (inout LuaModuleBuilder) throws -> Void
    ) {
        self.name = name
        self.doc = doc
        self.build = build
    }
}

/// Modules that many interpreters have.
public struct LuaModuleList: Sendable {
    let modules: [LuaModule]

    public init(_ modules: [LuaModule]) { self.modules = modules }
}

/// Fills the table of a module.
public struct LuaModuleBuilder {
    public let state: LuaState
    public let stack: LuaStack
    /// Where the module's table is.
    public let table: Int32
    var entries: [(name: String, doc: String)] = []
    var classes: [(name: String, object: AnyObject)] = []

    init(state: LuaState, stack: LuaStack, table: Int32) {
        self.state = state
        self.stack = stack
        self.table = table
    }

    /// A function with full control over arguments and results.
    public mutating func function(
        _ name: String, _ signature: LuaSignature? = nil, doc: String = "",
        raw body: @escaping (LuaCall) throws -> Int32
    ) {
        NativeFunction(name: name, signature: signature) { call in
            if signature != nil { try call.bind() }
            return try body(call)
        }.pushPermanently(to: stack)
        add(name, doc)
    }

    /// A function with typed arguments and results.
    @inlinable
    public mutating func function<each Argument: LuaReadable, each Result: LuaPushable>(
        _ name: String, doc: String = "", _ body: @escaping (repeat each Argument) throws -> (repeat each Result)
    ) {
        function(name, nil, doc: doc, raw: LuaBinding.body(body))
    }

    public mutating func value(_ name: String, doc: String = "", _ value: some LuaPushable) throws {
        try value.push(to: stack)
        add(name, doc)
    }

    /// A class, which is made when a script first asks for it.
    public mutating func type(_ type: LuaType) {
        classes.append((type.name, type))
        entries.append((type.name, type.doc))
    }

    /// An exception class, which is made when a script first asks for it.
    public mutating func exception(_ exception: LuaExceptionClass, as name: String? = nil, doc: String = "") {
        classes.append((name ?? exception.name, exception))
        entries.append((name ?? exception.name, doc))
    }

    /// Takes the value on top of the stack.
    public mutating func add(_ name: String, _ doc: String) {
        stack.rawSet(table, name)
        entries.append((name, doc))
    }
}

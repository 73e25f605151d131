/// Members that find their object themselves: for types that stand for a protocol, whose instances are of several Swift classes, and for
/// methods that are too hot for anything generic.
extension LuaType.Builder {
    /// A method that reads everything itself, its object as argument 1 included.
    public mutating func method(
        _ name: String, _ signature: LuaSignature? = nil, doc: String = "",
        unbound body: @escaping @Sendable (LuaCall) throws -> Int32
    ) {
        guard signature != nil else { return add(.method, name, nil, doc, body) }
        add(.method, name, signature, doc) { call in
            try call.bind()
            return try body(call)
        }
    }

    /// The same for a method with a signature, which is hot when called in the plainest way: `body` calls ``LuaCall/bind()`` itself where
    /// the arguments are not in their places as they come.
    public mutating func method(
        _ name: String, bindingItself signature: LuaSignature, doc: String = "",
        unbound body: @escaping @Sendable (LuaCall) throws -> Int32
    ) {
        add(.method, name, signature, doc, body)
    }

    /// An attribute that reads everything itself: `get` pushes one value, `set` finds the new value as argument 2.
    public mutating func property(
        _ name: String, doc: String = "", unboundGet get: @escaping @Sendable (LuaCall) throws -> Int32,
        unboundSet set: (@Sendable (LuaCall) throws -> Void)? = nil
    ) {
        add(.getter, name, nil, doc, get)
        guard let set else { return }
        add(.setter, name, nil, doc) { call in
            try set(call)
            return 0
        }
    }

    /// Sees to assignments to the name of a method; looking it up finds fields and methods as ever. `set` finds the value as argument 2.
    public mutating func assignment(_ name: String, unboundSet set: @escaping @Sendable (LuaCall) throws -> Void) {
        add(.setter, name, nil, "") { call in
            try set(call)
            return 0
        }
    }

    /// A metamethod that reads everything itself.
    public mutating func metamethod(_ name: String, unbound body: @escaping @Sendable (LuaCall) throws -> Int32) {
        add(.metamethod, name, nil, "", body)
    }

    /// `Class(...)` with full control: `make` finds the class as argument 1, the arguments from 2 on as they were given, and pushes the
    /// instance. It calls `bind` itself: the `init` of a script's subclass has parameters of its own.
    public mutating func constructor(
        _ signature: LuaSignature? = nil, pushing make: @escaping @Sendable (LuaCall) throws -> Void
    ) {
        self.signature = signature
        construct = { call in
            try make(call)
            return 1
        }
    }
}

extension ClassTable {
    /// Pushes a new instance of the class at `classAt`, which may be a script's, that stands for `object`, and calls its `init` with the
    /// arguments of `call` from 2 on.
    public static func pushInitialized(_ object: AnyObject, classAt index: Int32, _ call: LuaCall) throws {
        let stack = call.stack
        try stack.reserve(call.count + 8)
        ObjectMetatable.push(object, classAt: index, to: stack)
        try initialize(stack)
    }
}

extension LuaModuleBuilder {
    /// Pushes a function that is no entry of the module, such as a metamethod of its table.
    public func pushFunction(_ name: String, raw body: @escaping (LuaCall) throws -> Int32) {
        NativeFunction(name: name, body: body).push(to: stack)
    }
}

import Synchronization

/// How instances of a Swift class look to scripts: constructor, methods, properties, metamethods.
///
/// Described once per process; each interpreter makes its class table from it on first use.
public final class LuaType: Sendable {
    struct Member: Sendable {
        enum Kind: Sendable { case method, function, getter, setter, metamethod }
        let kind: Kind
        let name: String
        let doc: String
        let signature: LuaSignature?
        let body: @Sendable (LuaCall) throws -> Int32

        /// The function that Lua calls; `init` speaks of itself as the class, because that is what scripts call.
        func function(of type: LuaType) -> SharedFunction {
            let shown = name == "init" ? type.name : name.hasPrefix("__") ? String(name.dropFirst(2)) : name
            return SharedFunction(shown, signature, isMethod: kind != .function, body)
        }
    }

    public let name: String
    /// The module that scripts find it in.
    public let module: String?
    public let doc: String
    public let parent: LuaType?
    let members: [Member]
    /// Whether scripts may set attributes of their own on instances.
    public let allowsFields: Bool
    /// Whether what the class has is found before these.
    let findsClassFirst: Bool
    /// Whether scripts cannot subclass it.
    let isFinal: Bool
    private let instances: any LuaObject.Type
    private let crossing = Atomic(Crossing.unknown)

    private enum Crossing: UInt8, AtomicRepresentable { case unknown, byReference, perhaps }

    /// Whether every instance is a ``CrossesThreads``; without it one of a subclass may be. Asked of Swift's runtime once, and
    /// late, because that takes its time.
    public var crossesThreads: Bool {
        if crossing.load(ordering: .relaxed) == .unknown {
            crossing.store(instances is any CrossesThreads.Type ? .byReference : .perhaps, ordering: .relaxed)
        }
        return crossing.load(ordering: .relaxed) == .byReference
    }

    private let hasStorage: Bool
    /// The user values of an instance's userdata: the table of fields, then the storage.
    var userValues: Int32 { hasStorage ? HiddenObject.storage : allowsFields ? 1 : 0 }
    /// Pushes a new instance; the class table is argument 1.
    let construct: (@Sendable (LuaCall) throws -> Int32)?
    let signature: LuaSignature?

    /// - Parameters:
    ///   - name: how scripts and messages call it.
    ///   - module: the `require` name it belongs to.
    ///   - parent: the type of the superclass; its members are inherited.
    public init<Object: LuaObject>(
        _ name: String, for type: Object.Type, module: String? = nil, parent: LuaType? = nil, doc: String = "",
        _ describe: (inout Builder<Object>) -> Void
    ) {
        var builder = Builder<Object>()
        describe(&builder)
        self.name = name
        self.module = module
        self.doc = doc
        self.parent = parent
        members = builder.members
        allowsFields = builder.allowsFields || parent?.allowsFields ?? false
        findsClassFirst = !allowsFields || builder.findsClassFirst
        isFinal = builder.isFinal
        instances = type
        hasStorage = builder.hasStorage || parent?.hasStorage ?? false
        construct = builder.construct
        signature = builder.signature
    }

    private let madeFunctions = Mutex<TypeMembers?>(nil)
    /// The functions behind the members, made on first use.
    var functions: TypeMembers {
        madeFunctions.withLock { made in
            if let made { return made }
            let functions = TypeMembers(self)
            made = functions
            return functions
        }
    }

    /// Collects what a ``LuaType`` consists of.
    public struct Builder<Object: LuaObject> {
        var members: [Member] = []
        var allowsFields = false
        var findsClassFirst = false
        var isFinal = false
        var hasStorage = false
        var construct: (@Sendable (LuaCall) throws -> Int32)?
        var signature: LuaSignature?

        /// Scripts may set attributes on instances, and read them back.
        /// - Parameter afterClass: attributes do not hide methods, whose calls are faster then. In subclasses they do.
        public mutating func fields(afterClass: Bool = false) {
            allowsFields = true
            findsClassFirst = afterClass
        }

        /// An instance keeps one Lua value that scripts do not see, alive as long as the instance is reachable; see
        /// ``LuaStack/pushStorage(of:)``.
        public mutating func storage() { hasStorage = true }

        /// `Class(...)` calls `make`; scripts cannot subclass the type usefully. Argument 1 of the call is the class.
        public mutating func constructor(
            _ signature: LuaSignature? = nil, raw make: @escaping @Sendable (LuaCall) throws -> Object
        ) {
            self.signature = signature
            construct = { call in
                if signature != nil { try call.bind() }
                try make(call).push(to: call.stack)
                return 1
            }
        }

        /// `Class(...)` with typed arguments.
        public mutating func constructor<each Argument: LuaReadable>(
            _ make: @escaping @Sendable (repeat each Argument) throws -> Object
        ) {
            constructor(nil) { call in
                var index: Int32 = 1
                func next<Value: LuaReadable>(_ type: Value.Type) throws -> Value {
                    index += 1
                    return try call.argument(index, as: Value.self)
                }
                return try make(repeat try next((each Argument).self))
            }
        }

        /// `Class(...)` makes an instance with `allocate` and then calls its method `init` with the arguments, as Python does with
        /// `__init__`; subclasses made by scripts may override it. Instances take fields.
        public mutating func subclassable(allocate: @escaping @Sendable (LuaCall) throws -> Object) {
            allowsFields = true
            construct = { call in
                let stack = call.stack
                ObjectMetatable.push(try allocate(call), classAt: 1, to: stack)
                try ClassTable.initialize(stack)
                return 1
            }
        }

        /// A method with full control over arguments (from 2 on) and results.
        public mutating func method(
            _ name: String, _ signature: LuaSignature? = nil, doc: String = "",
            raw body: @escaping @Sendable (Object, LuaCall) throws -> Int32
        ) {
            add(.method, name, signature, doc) { call in
                let object: Object = try call.argument(1)
                if signature != nil { try call.bind() }
                return try body(object, call)
            }
        }

        /// A method with typed arguments and results.
        @inlinable
        public mutating func method<each Argument: LuaReadable, each Result: LuaPushable>(
            _ name: String, doc: String = "",
            _ body: @escaping @Sendable (Object, repeat each Argument) throws -> (repeat each Result)
        ) {
            add(.method, name, nil, doc) { call in
                var index: Int32 = 1
                func next<Value: LuaReadable>(_ type: Value.Type) throws -> Value {
                    index += 1
                    return try call.argument(index, as: Value.self)
                }
                let object: Object = try call.argument(1)
                let results = try body(object, repeat try next((each Argument).self))
                return try call.results(repeat each results)
            }
        }

        /// A function of the class, called with a dot.
        public mutating func function(
            _ name: String, _ signature: LuaSignature? = nil, doc: String = "",
            raw body: @escaping @Sendable (LuaCall) throws -> Int32
        ) {
            add(.function, name, signature, doc) { call in
                if signature != nil { try call.bind() }
                return try body(call)
            }
        }

        /// An attribute computed by Swift; read-only without `set`.
        public mutating func property<Value: LuaPushable>(
            _ name: String, doc: String = "", get: @escaping @Sendable (Object) throws -> Value
        ) {
            add(.getter, name, nil, doc) { call in
                try get(call.argument(1)).push(to: call.stack)
                return 1
            }
        }

        public mutating func property<Value: LuaConvertible>(
            _ name: String, doc: String = "", get: @escaping @Sendable (Object) throws -> Value,
            set: @escaping @Sendable (Object, Value) throws -> Void
        ) {
            property(name, doc: doc, get: get)
            add(.setter, name, nil, doc) { call in
                try set(call.argument(1), call.argument(2))
                return 0
            }
        }

        /// An attribute with full control: `get` pushes one value, `set` finds the new value as argument 2.
        public mutating func property(
            _ name: String, doc: String = "", rawGet get: @escaping @Sendable (Object, LuaCall) throws -> Int32,
            rawSet set: (@Sendable (Object, LuaCall) throws -> Void)? = nil
        ) {
            add(.getter, name, nil, doc) { call in try get(call.argument(1), call) }
            guard let set else { return }
            add(.setter, name, nil, doc) { call in
                try set(call.argument(1), call)
                return 0
            }
        }

        /// A metamethod by Lua's name: `__tostring`, `__len`, `__eq`, `__call`, `__pairs`, `__close`... For `__index` and `__newindex`
        /// the function is asked for keys that are neither attribute nor method.
        public mutating func metamethod(
            _ name: String, raw body: @escaping @Sendable (Object, LuaCall) throws -> Int32
        ) {
            add(.metamethod, name, nil, "") { call in try body(call.argument(1), call) }
        }

        /// A metamethod of two operands, either of which may be the instance.
        public mutating func binaryMetamethod(_ name: String, raw body: @escaping @Sendable (LuaCall) throws -> Int32) {
            add(.metamethod, name, nil, "", body)
        }

        /// A method `name` that gives up the resource; it also makes instances to-be-closed variables. It must be harmless twice.
        public mutating func closable(
            _ name: String = "close", doc: String = "", _ close: @escaping @Sendable (Object) throws -> Void
        ) {
            method(name, doc: doc) { (object: Object) in try close(object) }
            metamethod("__close") { object, _ in
                try close(object)
                return 0
            }
        }

        @usableFromInline
        mutating func add(
            _ kind: MemberKind, _ name: String, _ signature: LuaSignature?, _ doc: String,
            _ body: @escaping @Sendable (LuaCall) throws -> Int32
        ) {
            members.append(Member(kind: kind.kind, name: name, doc: doc, signature: signature, body: body))
        }
    }

    /// The kinds of members, as inlined code names them.
    @usableFromInline
    enum MemberKind {
        case method, function, getter, setter, metamethod
        var kind: Member.Kind {
            switch self {
            case .method: .method
            case .function: .function
            case .getter: .getter
            case .setter: .setter
            case .metamethod: .metamethod
            }
        }
    }

    // MARK: In one interpreter

    /// Pushes the userdata that this interpreter already has for `object`; false, and nothing pushed, if there is none.
    public static func pushKnown(_ object: AnyObject, to stack: LuaStack) -> Bool {
        ObjectMetatable.pushKnown(object, to: stack)
    }

    /// Pushes the userdata of `object`, which is the same one while Lua keeps it. For classes whose instances are of several types.
    public func push(_ object: AnyObject, to stack: LuaStack) {
        if ObjectMetatable.pushKnown(object, to: stack) { return }
        pushMetatable(to: stack)
        ObjectMetatable.pushNew(object, userValues: userValues, metatableAt: -1, to: stack)
        stack.remove(at: -2)
    }

    /// Pushes a new userdata of `object`, which is pushed only this once: the table of objects is spared it.
    public func pushOnce(_ object: AnyObject, to stack: LuaStack) {
        pushMetatable(to: stack)
        ObjectMetatable.pushNew(object, userValues: userValues, metatableAt: -1, isNoted: false, to: stack)
        stack.remove(at: -2)
    }

    /// Pushes the class table.
    public func pushClass(to stack: LuaStack) {
        pushMetatable(to: stack)
        stack.rawGet(-1, key: Key.classTable)
        stack.remove(at: -2)
    }

    private func pushMetatable(to stack: LuaStack) {
        let key = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        if stack.registryGet(key) == .table { return }
        stack.pop()
        ObjectMetatable.make(for: self, stack)
        stack.pushCopy(of: -1)
        stack.registrySet(key)
        // The registry's key is an address: it must stay this object's.
        _ = Unmanaged.passRetained(self)
    }

    /// The type of the userdata at `index`, which may be an instance of a script's subclass of it; nil for any other value.
    public static func native(_ stack: LuaStack, instanceAt index: Int32) -> LuaType? {
        guard stack.pushMetatable(of: index) else { return nil }
        defer { stack.pop(2) }
        guard stack.rawGet(-1, key: Key.nativeClass) == .lightUserdata, let pointer = stack.userdata(at: -1) else {
            return nil
        }
        return Unmanaged<LuaType>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// The type whose own class table is at `index`; nil for a script's subclass.
    public static func native(_ stack: LuaStack, exactClassAt index: Int32) -> LuaType? {
        ClassTable.number(stack, at: index) == nil ? native(stack, classAt: index) : nil
    }

    /// Pushes the userdata of `object`: the one that this interpreter has, or a new one of the class at `classAt`.
    public static func pushInstance(_ object: AnyObject, classAt index: Int32, to stack: LuaStack) {
        if !ObjectMetatable.pushKnown(object, to: stack) { ObjectMetatable.push(object, classAt: index, to: stack) }
    }

    /// The type of the class table at `index`, or of its nearest ancestor that Swift described.
    public static func native(_ stack: LuaStack, classAt index: Int32) -> LuaType? {
        guard ClassTable.pushInherited(Key.metatable, of: index, stack) else { return nil }
        defer { stack.pop(2) }
        guard stack.rawGet(-1, key: Key.nativeClass) == .lightUserdata, let pointer = stack.userdata(at: -1) else {
            return nil
        }
        return Unmanaged<LuaType>.fromOpaque(pointer).takeUnretainedValue()
    }
}

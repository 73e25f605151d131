import CLuaSupport

/// A native function of the process: made once, pushed into any interpreter at no cost, never let go of.
// Sendable although it is a pointer: what it points at never changes, and the function's body is asked to be.
struct SharedFunction: @unchecked Sendable {
    private let function: UnsafeMutablePointer<nj_shared>

    init(
        _ name: String, _ signature: LuaSignature? = nil, isMethod: Bool = false,
        _ body: @escaping @Sendable (LuaCall) throws -> Int32
    ) {
        let native = NativeFunction(name: name, signature: signature, isMethod: isMethod, body: body)
        function = .allocate(capacity: 1)
        function.initialize(to: nj_share(NativeFunction.enter, Unmanaged.passRetained(native).toOpaque()))
    }

    func push(to stack: LuaStack) { nj_push_shared(stack.L, function) }

    /// Functions by name, as class tables and metatables look for them.
    // Sendable although it is a pointer: it is filled before anyone else sees it, and never changes.
    struct Table: @unchecked Sendable {
        private let members: OpaquePointer

        /// A name without a function is there and has none.
        init(_ functions: [(name: String, function: SharedFunction?)]) {
            members = nj_members_create(functions.count)
            for (name, function) in functions {
                var name = name
                name.withUTF8 { bytes in
                    bytes.withMemoryRebound(to: CChar.self) {
                        nj_members_add(members, $0.baseAddress, $0.count, function?.function)
                    }
                }
            }
        }

        func push(to stack: LuaStack) { stack.push(pointer: UnsafeRawPointer(members)) }
    }
}

import NightjarLua

/// `weakref.finalize`: <https://docs.python.org/3/library/weakref.html#weakref.finalize>.
///
/// While it is alive a table of the interpreter holds it, and its storage the function and arguments.
final class Finalizer: WeakLink, LuaObject {
    static let luaType = LuaType(
        "finalize", for: Finalizer.self, module: "weakref",
        doc: "finalize(object, func, ...): calls func(...) once, when the object dies or at the end of the script."
    ) { type in
        type.storage()
        type.constructor(nil) { call in try make(call) }
        type.metamethod("__call") { finalizer, call in try finalizer.call(call.stack) }
        type.method(
            "peek", doc: "object, func, args if it is alive.", raw: { finalizer, call in finalizer.peek(call.stack) })
        type.method(
            "detach", doc: "The same, and it will not be called.",
            raw: { finalizer, call in
                let results = finalizer.peek(call.stack)
                if results > 1 { finalizer.retire(call.stack) }
                return results
            })
        type.property("alive", doc: "Whether it can still be called.", get: { $0.isActive })
        type.property(
            "atexit", doc: "Whether the end of the script calls it.", get: { $0.runsAtExit },
            set: { finalizer, value in
                finalizer.isForExit = value
                finalizer.referent.registry.exitIsStale = true
            })
        type.metamethod("__tostring") { finalizer, call in try call.results(finalizer.describe(call.stack)) }
    }

    private(set) var isActive = true
    private var isForExit = true
    private let argumentCount: Int

    var runsAtExit: Bool { isActive && isForExit }

    private init(_ referent: Referent, argumentCount: Int) {
        self.argumentCount = argumentCount
        super.init(referent, wantsNotice: true)
    }

    private static func make(_ call: LuaCall) throws -> Finalizer {
        let stack = call.stack, count = Int(call.count)
        guard count >= 3 else {
            throw LuaException(.typeError, "finalize expected at least 2 arguments, got \(count - 1)")
        }
        let finalizer = Finalizer(try WeakRegistry.referent(stack, at: 2), argumentCount: count - 3)
        try stack.reserve(20)
        try finalizer.push(to: stack)
        let instance = stack.top
        stack.newTable(array: count - 2)
        for index in 3...count {
            stack.pushCopy(of: Int32(index))
            stack.rawSet(-2, index - 2)
        }
        stack.setStorage(of: instance)
        stack.registryGet(WeakRegistry.finalizers.pointer)
        stack.pushCopy(of: instance)
        stack.rawSet(-2, finalizer.order)
        stack.pop()
        finalizer.referent.registry.exitIsStale = true
        return finalizer
    }

    /// Whatever happens from here on, the function is not called any more.
    private func retire(_ stack: LuaStack) {
        isActive = false
        unlink()
        guard pushIfHeld(to: stack) else { return }
        stack.pushNil()
        stack.setStorage(of: -2)
        stack.registryGet(WeakRegistry.finalizers.pointer)
        stack.pushNil()
        stack.rawSet(-2, order)
        stack.pop(2)
    }

    /// Calls the function if that has not happened; pushes its results, or nil.
    private func call(_ stack: LuaStack) throws(LuaError) -> Int32 {
        let base = stack.top
        guard isActive, !referent.registry.isShutDown, pushIfHeld(to: stack) else {
            stack.pushNil()
            return 1
        }
        stack.pushStorage(of: -1)
        let stored = stack.top
        retire(stack)
        try stack.reserve(Int32(clamping: argumentCount) + 20)
        stack.rawGet(stored, 1)
        for index in 0..<argumentCount { stack.rawGet(stored, index + 2) }
        try stack.call(arguments: Int32(argumentCount), results: -1)
        stack.remove(at: stored)
        stack.remove(at: base + 1)
        return stack.top - base
    }

    override func deliver(to stack: LuaStack) throws(LuaError) {
        do { _ = try call(stack) } catch { try referent.registry.ignore(error, in: describe(stack)) }
    }

    private func peek(_ stack: LuaStack) -> Int32 {
        guard isActive, referent.registry.push(referent, to: stack) else {
            stack.pushNil()
            return 1
        }
        stack.pushStorage(of: 1)
        let stored = stack.top
        stack.newTable(array: argumentCount)
        for index in 0..<argumentCount {
            stack.rawGet(stored, index + 2)
            stack.rawSet(-2, index + 1)
        }
        stack.rawGet(stored, 1)
        stack.replace(at: stored)
        return 3
    }

    private func describe(_ stack: LuaStack) -> String {
        let top = stack.top
        defer { stack.setTop(top) }
        let address = pushIfHeld(to: stack) ? WeakText.address(stack.pointer(at: -1)) : "?"
        guard isActive, referent.registry.push(referent, to: stack) else {
            return "<finalize object at \(address); dead>"
        }
        return
            "<finalize object at \(address); for '\(stack.typeName(at: -1))' at \(WeakText.address(stack.pointer(at: -1)))>"
    }
}

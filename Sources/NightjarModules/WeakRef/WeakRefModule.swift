public import NightjarLua

extension StandardModules {
    /// `require "weakref"`: <https://docs.python.org/3/library/weakref.html>.
    static let weakrefModule = LuaModule("weakref", doc: "References that keep nothing alive.") { module in
        _ = WeakRegistry.of(module.state)
        module.type(WeakReference.luaType)
        module.function(
            "proxy", nil, doc: "proxy(object, callback): stands for the object as long as it lives.",
            raw: WeakProxy.make)
        module.type(WeakValueDictionary.luaType)
        module.type(WeakKeyDictionary.luaType)
        module.type(WeakSet.luaType)
        module.type(WeakMethod.luaType)
        module.type(Finalizer.luaType)
        module.function("getweakrefcount", nil, doc: "How many references and proxies an object has.") { call in
            try call.results(livingReferences(call) { _ in })
        }
        module.function("getweakrefs", nil, doc: "An array of the references and proxies of an object.") { call in
            let stack = call.stack
            stack.setTop(1)
            stack.newTable()
            var count = 0
            _ = livingReferences(call) { reference in
                count += 1
                _ = reference.pushSelf(to: stack)
                stack.rawSet(2, count)
            }
            return 1
        }
        module.exception(.referenceError, doc: "A proxy was used after its object had died.")
    }

    /// The number of references to argument 1 that the script still has.
    private static func livingReferences(_ call: LuaCall, _ body: (WeakReference) -> Void) -> Int {
        guard let referent = WeakRegistry.knownReferent(call.stack, at: 1) else { return 0 }
        var count = 0
        for reference in referent.references where reference.pushSelf(to: call.stack) {
            call.stack.pop()
            count += 1
            body(reference)
        }
        return count
    }
}

/// Weak references at the end of a script.
public enum WeakReferences {
    /// Calls what deaths have left to call, then the finalizers of `weakref.finalize` that are for the exit, newest first. None is
    /// called afterwards. For the thread of the interpreter, outside its callbacks, before it is closed; harmless when done twice.
    /// - Throws: `.interrupted` if the interpreter was. Other errors are reported as Python does.
    public static func finish(_ state: LuaState) throws(LuaError) {
        guard !state.isClosed, let registry = WeakRegistry.existing(state) else { return }
        try state.withStack { stack throws(LuaError) in try registry.finish(stack) }
    }

    /// Where errors that nobody can catch are told; standard error at first. The text ends in a line feed.
    public static func setReport(in state: LuaState, _ report: @escaping (String) -> Void) {
        WeakRegistry.of(state).report = report
    }
}

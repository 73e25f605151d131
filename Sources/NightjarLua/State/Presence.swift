import CLua
import CLuaSupport

extension LuaState {
    /// Who is told when a thread goes into an interpreter from outside and when it comes out again.
    struct Presence {
        let entered: () -> Void
        let left: () -> Void
    }

    /// Has closures called on the thread that goes into this interpreter from outside, and again when it comes out. Not to be called from
    /// inside.
    public func onPresence(entered: @escaping () -> Void, left: @escaping () -> Void) {
        presence = Presence(entered: entered, left: left)
        context.pointee.watched = true
    }

    func notePresence(_ isInside: Bool) {
        if isInside { presence?.entered() } else { presence?.left() }
    }

    /// How many interpreters the calling thread is inside of, each called from within the one before.
    public static var depthHere: Int {
        var count = 0, context = nj_context_here()
        while let inner = context {
            count += 1
            context = inner.pointee.outer
        }
        return count
    }

    /// Where the script is that the calling thread runs, as `file:line` by Lua's rules for messages; nil outside of scripts.
    public static var currentPlace: String? {
        var context = nj_context_here()
        while let inner = context {
            if let running = inner.pointee.running, let place = LuaStack(running).place {
                return "\(place.source):\(place.line)"
            }
            context = inner.pointee.outer
        }
        return nil
    }
}

extension LuaStack {
    /// Where the innermost active function of a script is. The source is as Lua shows it in messages.
    public var place: (source: String, line: Int)? {
        var activation = lua_Debug()
        var level: Int32 = 0
        while lua_getstack(L, level, &activation) != 0 {
            level += 1
            guard lua_getinfo(L, "Sl", &activation) != 0, activation.currentline > 0 else { continue }
            let source = withUnsafeBytes(of: activation.short_src) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            return (source, Int(activation.currentline))
        }
        return nil
    }
}

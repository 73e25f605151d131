import CLua
import CLuaSupport

/// Where in a script a call came from, as far as Lua knows it.
public struct LuaCallSite {
    /// The name of the chunk by Lua's rules: `@` before a file's path, `=` before a literal name. Valid while the function is active.
    public let chunkName: UnsafeRawBufferPointer
    public let line: Int
    /// The name by which the function was called; nil where Lua knows none, and for a main chunk.
    public let functionName: UnsafePointer<CChar>?
    public let isMainChunk: Bool
}

extension LuaStack {
    /// The function of a script that is active at `level`, or the next one outside it; nil where there is none.
    ///
    /// In a Swift function that Lua called, level 1 is the caller. Costs one `lua_getinfo` and walks no further than needed.
    public func callSite(level: Int32) -> LuaCallSite? {
        var level = level
        var activation = lua_Debug()
        while lua_getstack(L, level, &activation) != 0 {
            level += 1
            guard lua_getinfo(L, "Sln", &activation) != 0 else { return nil }
            // `Lua`, `main` or `C`
            let what = UInt8(bitPattern: activation.what.pointee)
            if what == UInt8(ascii: "C") { continue }
            return LuaCallSite(
                chunkName: UnsafeRawBufferPointer(start: activation.source, count: activation.srclen),
                line: Int(activation.currentline), functionName: activation.name, isMainChunk: what == UInt8(ascii: "m")
            )
        }
        return nil
    }

    /// The active functions from `level` on, innermost first.
    public func frames(level: Int32) -> [LuaFrame] { LuaFrame.capture(self, level: level) }
}

import NightjarLua

extension LuaStack {
    /// Whether the value at `index` is a function, or something that can be called like one.
    func isCallable(at index: Int32) -> Bool {
        if type(at: index) == .function { return true }
        let top = self.top
        defer { setTop(top) }
        return pushMetatable(of: index) && rawGet(-1, "__call") != .nil
    }
}

extension LuaCall {
    /// Throws unless argument `index` can be called.
    func checkCallable(_ index: Int32) throws {
        if stack.type(at: index) != .none, stack.isCallable(at: index) { return }
        throw badArgument(index, "function expected, got \(stack.typeName(at: index))")
    }
}

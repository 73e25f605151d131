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

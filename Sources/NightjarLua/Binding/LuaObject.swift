public import CLuaSupport

/// A Swift class whose instances Lua holds by reference.
///
/// ```swift
/// extension Counter: LuaObject {
///     static let luaType = LuaType("Counter", for: Counter.self) {
///         $0.constructor { Counter() }
///         $0.method("add") { (counter: Counter, n: Int) in counter.add(n) }
///         $0.property("value", get: { $0.value })
///     }
/// }
/// ```
/// Lua keeps an instance alive while it can reach it. Pushed twice, it is the same userdata.
public protocol LuaObject: AnyObject, LuaPushable, LuaReadable {
    /// What scripts can do with an instance. Each class of a hierarchy overrides it with its own.
    static var luaType: LuaType { get }
}

/// An object of Swift's that goes to other threads by reference.
///
/// Adopt it for classes that are safe to use from several threads at once, as `Sendable` asks.
public protocol CrossesThreads: LuaObject, Sendable {}

/// An object of Swift's that cannot go to other threads, and says why.
public protocol StaysInItsThread: LuaObject {
    /// What it is, for the message that refuses it: `an archive open for writing`.
    var culprit: String { get }
}

extension LuaObject {
    public static var luaTypeName: String { luaType.name }

    public func push(to stack: LuaStack) throws(LuaError) { Swift.type(of: self).luaType.push(self, to: stack) }

    @inlinable
    public static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> Self {
        guard let held = nj_to_object(stack.L, index), let object = held.pointee.object else {
            throw LuaMismatch(stack, index, expected: luaTypeName)
        }
        guard let typed = Unmanaged<AnyObject>.fromOpaque(object).takeUnretainedValue() as? Self else {
            throw LuaMismatch(stack, index, expected: luaTypeName)
        }
        return typed
    }
}

extension LuaStack {
    /// Calls `body` with the object at `index` if that is exactly an `Object` and none of a subclass; gives nil otherwise. Counts no
    /// reference: the value must stay on the stack until `body` returns. For calls where that matters.
    @inlinable @inline(__always)
    public func withObject<Object: LuaObject, Result>(
        _ type: Object.Type, at index: Int32, _ body: (Object) throws -> Result
    ) rethrows -> Result? {
        guard let held = nj_to_object(L, index), let object = held.pointee.object else { return nil }
        // The userdata holds a reference for as long as it is on the stack.
        return try Unmanaged<AnyObject>.fromOpaque(object)._withUnsafeGuaranteedRef { object in
            guard Swift.type(of: object) == Object.self else { return nil }
            return try body(unsafeDowncast(object, to: Object.self))
        }
    }

    /// The Swift object of the userdata at `index`, of whatever class; nil for anything else and for a released one.
    public func object(at index: Int32) -> AnyObject? {
        guard let object = nj_to_object(L, index)?.pointee.object else { return nil }
        return Unmanaged<AnyObject>.fromOpaque(object).takeUnretainedValue()
    }
}

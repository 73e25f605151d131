public import NightjarConcurrency
public import NightjarLua

/// Lua values that cross together, and keep what they share: what a call returned, or a function and its arguments.
public struct PackedValues: Sendable {
    public let message: Message
    public let count: Int

    static let none = PackedValues(message: Message(.nil), count: 0)

    /// - Parameters:
    ///   - message: of `count` values that were encoded together.
    public init(message: Message, count: Int) {
        self.message = message
        self.count = count
    }

    /// Packs the values from `first` to the top.
    /// - Throws: a `TypeError` that names what cannot cross.
    init(_ stack: LuaStack, from first: Int32, as root: (Int) -> MessageRoot) throws {
        let count = Int(stack.top - first) + 1
        self.count = count
        switch count {
        case 0: message = Message(.nil)
        case 1: message = try MessageEncoder.encode(stack, at: first, as: root(0))
        default:
            message = try MessageEncoder.encode(stack, (0..<count).map { (index: first + Int32($0), root: root($0)) })
        }
    }

    /// Packs the values from `first` to the top, such as a function and its arguments.
    /// - Throws: a `TypeError` that names what cannot cross.
    public init(from first: Int32, of stack: LuaStack) throws { try self.init(stack, callFrom: stack.absolute(first)) }

    /// Packs the function at `first` and its arguments, which follow it.
    /// - Throws: a `TypeError` that names what cannot cross.
    init(_ stack: LuaStack, callFrom first: Int32) throws {
        try self.init(stack, from: first) { position in
            if position == 0 { return .target }
            return position <= PackedValues.argumentRoots.count
                ? PackedValues.argumentRoots[position - 1] : .argument(position)
        }
    }

    /// Made once: their texts are looked at only when something is refused.
    private static let argumentRoots = (1...8).map { MessageRoot.argument($0) }

    /// Pushes copies of the values.
    public func push(to stack: LuaStack) throws(LuaError) {
        guard count > 0 else { return }
        try stack.reserve(Int32(clamping: count) + 24)
        try MessageDecoder.push(message, count: count, to: stack)
    }
}

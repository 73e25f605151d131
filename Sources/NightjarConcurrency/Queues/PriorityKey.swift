/// The place of an item in a priority queue: a number, a string, or a list of these and of lists, compared as Python compares tuples.
///
/// - Integers and floating-point numbers compare by their exact value. NaN comes after all other numbers.
/// - Strings compare byte by byte, which for UTF-8 is the order of the code points.
/// - Lists compare element by element; of two that begin alike the shorter comes first.
/// - Anything else (``Element/unordered``) ends the comparison of a list: such lists come after those that go on with something that
///   has an order, and among themselves are equal. So data that follows a priority in a list needs no order.
/// - Numbers, strings and lists have no order among each other: see ``conflict(with:)``.
public struct PriorityKey: Sendable {
    /// A part of a key, in the order in which they are compared.
    public enum Element: Sendable {
        /// The end of a list that has another around it.
        case endOfList
        case integer(Int64)
        case number(Double)
        case string([UInt8])
        case list
        case unordered
    }

    /// What cannot be compared with another.
    public enum Kind: UInt8, Sendable, Hashable, CustomStringConvertible {
        // In the order in which keys of different kinds stand in a queue.
        case end, number, string, list, unordered

        /// The name of the type in Lua.
        public var description: String {
            switch self {
            case .end: "end"
            case .number: "number"
            case .string: "string"
            case .list: "table"
            case .unordered: "value without order"
            }
        }
    }

    /// Apart from the rest, so that a key that is no list allocates nothing.
    @usableFromInline let first: Element
    /// The elements of a list, those of lists in it in the same row, each followed by ``Element/endOfList``.
    private let rest: [Element]

    public init(_ element: Element) {
        first = element
        rest = []
    }

    /// - Parameter elements: those of lists in the list follow ``Element/list`` and are followed by ``Element/endOfList``.
    public init(list elements: [Element]) {
        first = .list
        rest = elements
    }

    /// Whether an item with this key comes out before one with the other. Keys in conflict stand in an order too: that of ``Kind``.
    @inlinable
    public func precedes(_ other: PriorityKey) -> Bool {
        if case .integer(let left) = first, case .integer(let right) = other.first { return left < right }
        return isBefore(other)
    }

    @usableFromInline
    func isBefore(_ other: PriorityKey) -> Bool { (difference(from: other)?.order ?? 0) < 0 }

    /// Why the two cannot stand in one queue: the kinds of the first elements that differ, of this key and of the other.
    @inlinable
    public func conflict(with other: PriorityKey) -> (Kind, Kind)? {
        if case .integer = first, case .integer = other.first { return nil }
        return otherConflict(with: other)
    }

    @usableFromInline
    func otherConflict(with other: PriorityKey) -> (Kind, Kind)? {
        guard let (_, kind, otherKind) = difference(from: other) else { return nil }
        return kind == otherKind || !kind.isComparable || !otherKind.isComparable ? nil : (kind, otherKind)
    }

    /// The first elements that differ: their order, below or above 0, and what they are.
    private func difference(from other: PriorityKey) -> (order: Int, Kind, Kind)? {
        let order = first.order(to: other.first)
        if order != 0 { return (order, first.kind, other.first.kind) }
        for (left, right) in zip(rest, other.rest) {
            let order = left.order(to: right)
            if order != 0 { return (order, left.kind, right.kind) }
            if case .unordered = left { return nil }
        }
        if rest.count == other.rest.count { return nil }
        return (rest.count - other.rest.count, .end, .end)
    }
}

extension PriorityKey.Kind {
    fileprivate var isComparable: Bool { self != .end && self != .unordered }
}

extension PriorityKey.Element {
    public var kind: PriorityKey.Kind {
        switch self {
        case .endOfList: .end
        case .integer, .number: .number
        case .string: .string
        case .list: .list
        case .unordered: .unordered
        }
    }

    /// Below 0 if this comes first, above 0 if the other does.
    fileprivate func order(to other: Self) -> Int {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left < right ? -1 : left > right ? 1 : 0
        case (.number(let left), .number(let right)): Self.compare(left, right)
        case (.integer(let left), .number(let right)): Self.compare(left, right)
        case (.number(let left), .integer(let right)): -Self.compare(right, left)
        case (.string(let left), .string(let right)): Self.compare(left, right)
        default: Int(kind.rawValue) - Int(other.kind.rawValue)
        }
    }

    private static func compare(_ left: Double, _ right: Double) -> Int {
        if left < right { return -1 }
        if left > right { return 1 }
        if left == right { return 0 }
        return (left.isNaN ? 1 : 0) - (right.isNaN ? 1 : 0)
    }

    /// Exact, where a conversion of the integer might round.
    private static func compare(_ left: Int64, _ right: Double) -> Int {
        if right.isNaN || right >= 0x1p63 { return -1 }
        if right < -0x1p63 { return 1 }
        let whole = Int64(right)
        if left != whole { return left < whole ? -1 : 1 }
        return compare(0.0, right - Double(whole))
    }

    private static func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
        for (left, right) in zip(left, right) where left != right { return left < right ? -1 : 1 }
        return left.count - right.count
    }
}

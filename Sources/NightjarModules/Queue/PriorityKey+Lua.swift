import NightjarConcurrency
import NightjarLua

extension PriorityKey {
    /// Beyond this many elements, and this depth, a list is not compared. It bounds what a key takes beside its item, and ends the
    /// reading of a table that is part of itself.
    private static let elementLimit = 1 << 16, depthLimit = 100

    /// The key of the item at `index`: the item itself, or its field.
    /// - Parameter place: where the item stands in argument 1 of the call, if it is not that argument: `items[2]: `.
    /// - Throws: a `TypeError` about argument 1 where the item has no order.
    static func read(
        _ call: LuaCall, at index: Int32, _ field: ScriptQueue.Field?, place: String = ""
    ) throws -> PriorityKey {
        let stack = call.stack, top = stack.top
        defer { stack.setTop(top) }
        guard let field else {
            if let key = read(stack, at: index) { return key }
            throw call.badArgument(
                2,
                "\(place)number, string or array of these expected, got \(stack.typeName(at: index)); "
                    + "PriorityQueue{key = 'name'} orders tables by a field")
        }
        guard stack.type(at: index) == .table || stack.type(at: index) == .userdata else {
            throw call.badArgument(2, "\(place)table with field '\(field)' expected, got \(stack.typeName(at: index))")
        }
        try push(field, ofItemAt: index, stack)
        if let key = read(stack, at: stack.top) { return key }
        throw call.badArgument(
            2,
            "\(place)number, string or array of these expected in field '\(field)', got \(stack.typeName(at: -1))")
    }

    private static func push(_ field: ScriptQueue.Field, ofItemAt index: Int32, _ stack: LuaStack) throws {
        let index = stack.absolute(index)
        try stack.reserve(8)
        switch field {
        case .name(let name): stack.push(name)
        case .index(let number): stack.push(number)
        }
        try stack.get(index)
    }

    private static func read(_ stack: LuaStack, at index: Int32) -> PriorityKey? {
        if let element = scalar(stack, at: index) { return PriorityKey(element) }
        guard (try? stack.reserve(Int32(depthLimit) + 8)) != nil, isArray(stack, at: index) else { return nil }
        var elements: [Element] = []
        _ = append(stack, arrayAt: stack.absolute(index), depth: 1, to: &elements)
        // A list without a priority in front.
        if case .unordered? = elements.first { return nil }
        return PriorityKey(list: elements)
    }

    /// Numbers, strings, and booleans, which are 0 and 1 as in Python.
    private static func scalar(_ stack: LuaStack, at index: Int32) -> Element? {
        switch stack.type(at: index) {
        case .boolean: .integer(stack.boolean(at: index) ? 1 : 0)
        case .number:
            stack.isInteger(at: index) ? .integer(stack.integer(at: index)) : .number(stack.number(at: index))
        case .string: .string(Array(stack.bytes(at: index)))
        default: nil
        }
    }

    /// A table with a first element, or an empty one.
    private static func isArray(_ stack: LuaStack, at index: Int32) -> Bool {
        guard stack.type(at: index) == .table else { return false }
        if stack.rawLength(at: index) > 0 { return true }
        let index = stack.absolute(index)
        stack.pushNil()
        guard stack.next(index) else { return true }
        stack.pop(2)
        return false
    }

    /// - Returns: false if a comparison ends with what was appended.
    private static func append(
        _ stack: LuaStack, arrayAt index: Int32, depth: Int, to elements: inout [Element]
    ) -> Bool {
        for number in 0..<stack.rawLength(at: index) {
            stack.rawGet(index, number + 1)
            defer { stack.pop() }
            if elements.count < elementLimit, let element = scalar(stack, at: stack.top) {
                elements.append(element)
            } else if elements.count < elementLimit, depth < depthLimit, isArray(stack, at: stack.top) {
                elements.append(.list)
                guard append(stack, arrayAt: stack.top, depth: depth + 1, to: &elements) else { return false }
                elements.append(.endOfList)
            } else {
                elements.append(.unordered)
                return false
            }
        }
        return true
    }
}

extension ScriptQueue.Field: CustomStringConvertible {
    public var description: String {
        switch self {
        case .name(let name): name
        case .index(let index): "\(index)"
        }
    }
}

public import NightjarLua

/// Finds the words for the place of a value that cannot cross: `args[2].callbacks.on_done`.
///
/// Only made when a value was refused, so it looks for the way again instead of noting it for every value.
struct TransferPath {
    private let stack: LuaStack
    private let entityTable: Int32
    private let parents: [Int]
    private let roots: [MessageRoot]

    init(_ stack: LuaStack, _ entityTable: Int32, _ parents: [Int], _ roots: [MessageRoot]) {
        self.stack = stack
        self.entityTable = entityTable
        self.parents = parents
        self.roots = roots
    }

    /// The path to the value that is being written, which is on top of the stack or below a pair in a traversal of entity `current`.
    func describe(_ current: Int) -> String {
        let culprit = stack.top
        var steps: [String] = []
        if current >= 0 { steps.append(step(from: current, toValueAt: culprit)) }
        var entity = current
        while entity >= 0 {
            let parent = parents[entity]
            guard parent >= 0 else {
                entity = parent
                break
            }
            stack.rawGet(entityTable, entity + 1)
            steps.append(step(from: parent, toValueAt: stack.top))
            stack.setTop(culprit)
            entity = parent
        }
        let root = roots[-1 - entity].name
        return steps.reversed().reduce(root, +)
    }

    private func step(from parent: Int, toValueAt value: Int32) -> String {
        let top = stack.top
        defer { stack.setTop(top) }
        guard (try? stack.reserve(8)) != nil else { return "" }
        stack.rawGet(entityTable, parent + 1)
        let holder = stack.top
        switch stack.type(at: holder) {
        case .function: return functionStep(holder, value)
        case .userdata:
            stack.pushUserValue(of: holder)
            return stack.type(at: -1) == .table ? tableStep(stack.top, value) : ""
        default: return tableStep(holder, value)
        }
    }

    private func tableStep(_ holder: Int32, _ value: Int32) -> String {
        stack.pushNil()
        while stack.next(holder) {
            if stack.rawEqual(-1, value) {
                return keyStep(at: -2)
            }
            if stack.rawEqual(-2, value) { return " (a key)" }
            stack.pop()
        }
        return stack.pushMetatable(of: holder) && stack.rawEqual(-1, value) ? " (its metatable)" : ""
    }

    /// `.name`, `[1]` or `["two words"]`, as Lua's authors write it.
    private func keyStep(at index: Int32) -> String {
        let key = stack.describeKey(at: index)
        guard stack.type(at: index) == .string else { return key }
        let isName = key.utf8.enumerated().allSatisfy { offset, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): offset > 0
            default: false
            }
        }
        return isName && !key.isEmpty ? "." + key : "[\"\(key)\"]"
    }

    private func functionStep(_ holder: Int32, _ value: Int32) -> String {
        var number = 1
        while let name = stack.pushUpvalue(number, of: holder) {
            if stack.rawEqual(-1, value) { return ".upvalue '\(name)'" }
            stack.pop()
            number += 1
        }
        stack.pushGlobals()
        stack.pushNil()
        while stack.next(-2) {
            if stack.type(at: -2) == .string, stack.rawEqual(-1, value) { return ".global '\(stack.string(at: -2))'" }
            stack.pop()
        }
        return ""
    }
}

/// An object of Swift's that goes to other threads by reference.
///
/// Adopt it for classes that are safe to use from several threads at once, as ``Sendable`` asks.
public protocol CrossesThreads: LuaObject, Sendable {}

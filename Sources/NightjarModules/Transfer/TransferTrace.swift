import NightjarLua

/// Where in a message a value stands: `args[2].callbacks.on_done`.
///
/// Kept only when a value was refused and its message is written once more to find the words for its place.
final class TransferTrace {
    /// The way from one value to one that it holds.
    enum Step {
        case root(MessageRoot)
        /// The value of the pair whose key is at this place on the stack.
        case value(key: Int32)
        case key
        case upvalue(String)
        case global([UInt8])
        case metatable, classOf
        /// The function of `package.preload` that makes the module of this name.
        case preload(String)
        /// The table of fields of an object, of which the path says nothing.
        case fields
    }

    private struct Node {
        let holder: Int
        let words: String
    }

    /// Longer paths are shortened in the middle.
    private static let ends = 12

    private let stack: LuaStack
    private var nodes: [Node] = []
    /// The node whose body is being written; -1 for none.
    var holder = -1
    var step = Step.key

    init(_ stack: LuaStack) { self.stack = stack }

    /// Notes what the last step led to; its number.
    func enter() -> Int {
        nodes.append(Node(holder: holder, words: words(step)))
        return nodes.count - 1
    }

    /// The path of what the last step led to.
    var path: String {
        var parts = [words(step)], node = holder
        while node >= 0 {
            parts.append(nodes[node].words)
            node = nodes[node].holder
        }
        if parts.count > 2 * TransferTrace.ends + 1 {
            let left = parts.count - 2 * TransferTrace.ends
            parts.replaceSubrange(TransferTrace.ends..<parts.count - TransferTrace.ends, with: ["...(\(left) more)..."])
        }
        return parts.reversed().joined()
    }

    private func words(_ step: Step) -> String {
        switch step {
        case .root(let root): root.name
        case .value(let key): keyWords(at: key)
        case .key: " (a key)"
        case .upvalue(let name): ".upvalue '\(name)'"
        case .global(let name): ".global '\(String(decoding: name, as: UTF8.self))'"
        case .metatable: " (its metatable)"
        case .classOf: " (its class)"
        case .preload(let name): " (package.preload's '\(name)')"
        case .fields: ""
        }
    }

    /// `.name`, `[1]` or `["two words"]`, as Lua's authors write it.
    private func keyWords(at index: Int32) -> String {
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
}

import NightjarConcurrency
import NightjarLua
import Synchronization

/// An object that keeps messages, with the objects that they refer to.
protocol MessageKeeper: CrossesThreads {
    /// Whether nobody has asked this before: then the object is to be noted.
    func isFirstNote() -> Bool
    /// Calls `letsGo` with each message that it keeps, and lets go of those for which that is true.
    func forEachMessage(_ letsGo: (Message) -> Bool)
}

/// Finds objects that keep themselves alive: a queue with itself as an item, two threads that are among each other's results. No
/// script can reach them any more once the runtime is gone, and nothing else would ever end them.
///
/// An object of a ring has been sent in a message: that is when it is noted. Safe to use from any thread.
final class MessageRings: Sendable {
    private struct Known {
        weak var keeper: (any MessageKeeper)?
    }
    private struct Noted {
        var list: [Known] = []
        /// The length at which those that are gone are taken out.
        var limit = 64
    }
    private let noted = Mutex(Noted())

    /// The object as a keeper of messages, if it is one.
    static func keeper(_ object: any AnyObject) -> (any MessageKeeper)? {
        // One by one: asking for the protocol would take longer than sending the object does.
        if let queue = object as? ScriptQueue { return queue }
        if let thread = object as? LuaThread { return thread }
        return nil
    }

    func note(_ keeper: any MessageKeeper) {
        noted.withLock { noted in
            if noted.list.count >= noted.limit {
                noted.list.removeAll { $0.keeper == nil }
                noted.limit = max(64, 2 * noted.list.count)
            }
            noted.list.append(Known(keeper: keeper))
        }
    }

    /// Opens all rings. What they kept of others, and what others keep of them, stays.
    func open() {
        var ring = Graph(noted.withLock { $0.list }.compactMap(\.keeper))
        ring.trim()
        for keeper in ring.keepers {
            keeper.forEachMessage { message in message.keepers.contains { ring.contains($0) } }
        }
    }

    /// Keepers, and which of them keeps which.
    private struct Graph {
        private struct Node {
            let keeper: any MessageKeeper
            var kept: [ObjectIdentifier] = []
            var keptBy: [ObjectIdentifier] = []
            /// How many of each are left.
            var keptCount = 0, keptByCount = 0
        }
        private var nodes: [ObjectIdentifier: Node] = [:]

        var keepers: [any MessageKeeper] { nodes.values.map(\.keeper) }
        func contains(_ keeper: any MessageKeeper) -> Bool { nodes[ObjectIdentifier(keeper)] != nil }

        /// With all that the keepers lead to.
        init(_ keepers: [any MessageKeeper]) {
            var open = keepers
            while let keeper = open.popLast() {
                let id = ObjectIdentifier(keeper)
                guard nodes[id] == nil else { continue }
                var node = Node(keeper: keeper)
                keeper.forEachMessage { message in
                    for kept in message.keepers {
                        node.kept.append(ObjectIdentifier(kept))
                        open.append(kept)
                    }
                    return false
                }
                nodes[id] = node
            }
            for (id, node) in nodes {
                nodes[id]?.keptCount = node.kept.count
                for kept in node.kept {
                    nodes[kept]?.keptBy.append(id)
                    nodes[kept]?.keptByCount += 1
                }
            }
        }

        /// Takes out, again and again, who keeps none of the others or is kept by none of them: the rest is rings and what lies
        /// between rings.
        mutating func trim() {
            var open = nodes.filter { $0.value.keptCount == 0 || $0.value.keptByCount == 0 }.map(\.key)
            while let id = open.popLast() {
                guard let node = nodes.removeValue(forKey: id) else { continue }
                for kept in node.kept {
                    nodes[kept]?.keptByCount -= 1
                    if nodes[kept]?.keptByCount == 0 { open.append(kept) }
                }
                for keeper in node.keptBy {
                    nodes[keeper]?.keptCount -= 1
                    if nodes[keeper]?.keptCount == 0 { open.append(keeper) }
                }
            }
        }
    }
}

extension Message {
    /// The keepers of messages that the message refers to.
    fileprivate var keepers: [any MessageKeeper] {
        guard case .encoded(let encoded) = content, !encoded.objects.isEmpty else { return [] }
        return encoded.objects.compactMap { MessageRings.keeper($0) }
    }
}

extension ScriptQueue: MessageKeeper {
    func forEachMessage(_ letsGo: (Message) -> Bool) {
        switch line {
        case .first(let queue): queue.removeAll(where: letsGo)
        case .last(let queue): queue.removeAll(where: letsGo)
        case .sorted(let queue): queue.removeAll { letsGo($0.message) }
        }
    }
}

extension LuaThread: MessageKeeper {
    /// What it has left behind at its end.
    func forEachMessage(_ letsGo: (Message) -> Bool) {
        end.replace { outcome in
            var outcome = outcome
            if letsGo(outcome.results) {
                outcome.results = Message(.nil)
                outcome.resultCount = 0
            }
            if outcome.fields.map(letsGo) == true { outcome.fields = nil }
            if outcome.error?.value.map(letsGo) == true { outcome.error = nil }
            return outcome
        }
    }
}

import NightjarLogging
import NightjarLua

/// Counts of handlers as scripts see them.
enum LogStatistics {
    /// Pushes a table of all; handlers of one name, or of one class without a name, are numbered from the second on.
    static func push(_ all: [HandlerStatistics], to stack: LuaStack) throws {
        try stack.reserve(8)
        stack.newTable(record: all.count)
        var seen: [String: Int] = [:]
        for statistics in all {
            let name = statistics.name ?? statistics.kind
            seen[name, default: 0] += 1
            let number = seen[name] ?? 1
            try push(statistics, to: stack)
            stack.rawSet(-2, number == 1 ? name : "\(name) \(number)")
        }
    }

    static func push(_ statistics: HandlerStatistics, to stack: LuaStack) throws {
        try stack.reserve(4)
        let counts: [(String, Int)] = [
            ("handled", statistics.handled), ("delivered", statistics.delivered), ("dropped", statistics.dropped),
            ("failed", statistics.failed), ("diverted", statistics.diverted), ("retried", statistics.retried),
            ("filtered", statistics.filtered), ("queued", statistics.queued), ("recursions", statistics.recursions),
        ]
        stack.newTable(record: counts.count + 2)
        for (name, count) in counts {
            stack.push(count)
            stack.rawSet(-2, name)
        }
        stack.push(statistics.kind)
        stack.rawSet(-2, "class")
        if let name = statistics.name {
            stack.push(name)
            stack.rawSet(-2, "name")
        }
    }
}

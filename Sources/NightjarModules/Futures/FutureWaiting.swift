import NightjarConcurrency
import NightjarLua

/// `futures.wait` and `futures.as_completed`.
enum FutureWaiting {
    static func addFunctions(to module: inout LuaModuleBuilder) {
        module.function("wait", doc: "Waits for futures: done, not_done = wait(fs, timeout, return_when)", raw: wait)
        module.function(
            "as_completed", doc: "for future in as_completed(fs, timeout) do, in the order of their ends",
            raw: asCompleted)
    }

    // MARK: wait

    private static func wait(_ call: LuaCall) throws -> Int32 {
        let arguments = try Arguments(call, ["fs", "timeout", "return_when"])
        let condition = try condition(call)
        let futures = try arguments.futures(call)
        let collector = FutureCollector(futures)
        defer { collector.stop() }
        let deadline = arguments.deadline
        _ = try call.waiting { try collector.wait(for: condition, until: deadline) }
        let ended = Set(collector.ended)
        try futures.enumerated().filter { ended.contains($0.offset) }.map(\.element).push(to: call.stack)
        try futures.enumerated().filter { !ended.contains($0.offset) }.map(\.element).push(to: call.stack)
        return 2
    }

    private static func condition(_ call: LuaCall) throws -> FutureCondition {
        let name: String = try call.argument(3, default: FutureCondition.allCompleted.name)
        guard let condition = FutureCondition.all.first(where: { $0.name == name }) else {
            throw LuaException(.valueError, "Invalid return condition: '\(name)'")
        }
        return condition
    }

    // MARK: as_completed

    private static func asCompleted(_ call: LuaCall) throws -> Int32 {
        let arguments = try Arguments(call, ["fs", "timeout"])
        let futures = try arguments.futures(call)
        let collection = Collection(futures), deadline = arguments.deadline, total = futures.count
        return try call.results(
            call.state.function("as_completed") { call in
                if let future = try call.waiting({ try collection.collector.next(until: deadline) }) {
                    return try call.results(future as? ScriptFuture)
                }
                let remaining = collection.collector.remaining
                guard remaining > 0 else { return try call.results(ScriptFuture?.none) }
                collection.collector.stop()
                throw LuaException(.timeoutError, "\(remaining) (of \(total)) futures unfinished")
            })
    }

    /// Lets go of the futures when the iterator is collected.
    private final class Collection {
        let collector: FutureCollector
        init(_ futures: [ScriptFuture]) { collector = FutureCollector(futures, operation: "futures.as_completed") }
        deinit { collector.stop() }
    }

    // MARK: Arguments

    /// The arguments of both, by position or with names in a last table.
    private struct Arguments {
        let deadline: Deadline?

        /// Puts the arguments at their positions.
        init(_ call: LuaCall, _ names: [String]) throws {
            let stack = call.stack, count = stack.top
            try stack.reserve(24)
            if count > 1 || (count == 1 && stack.type(at: 1) == .table && Arguments.hasField("fs", stack)) {
                try NamedArguments(names.joined(separator: ", ")).bind(call, from: 1)
            } else {
                stack.setTop(Int32(names.count))
            }
            deadline = try call.deadline(2)
        }

        private static func hasField(_ name: String, _ stack: LuaStack) -> Bool {
            defer { stack.pop() }
            return stack.rawGet(1, name) != .nil
        }

        /// The futures of argument 1: an array, an iterator, or a table with futures as keys. Each once.
        func futures(_ call: LuaCall) throws -> [ScriptFuture] {
            let stack = call.stack, top = stack.top
            defer { stack.setTop(top) }
            var list = FutureList()
            if stack.type(at: 1) == .table, !stack.isCallable(at: 1), try list.addKeys(stack) { return list.futures }
            stack.newTable()
            var sources = try IterableSource.read(call, from: 1, through: 1, into: stack.top, slot: 1)
            let table = stack.top
            while try sources[0].pushNext(stack, table, all: false) {
                try list.add(call)
                stack.pop()
            }
            return list.futures
        }
    }

    private struct FutureList {
        private(set) var futures: [ScriptFuture] = []
        private var known: Set<ObjectIdentifier> = []

        /// Adds the future on top.
        mutating func add(_ call: LuaCall) throws {
            guard let future = call.stack.object(at: -1) as? ScriptFuture else {
                throw call.badArgument(1, "Future expected, got \(call.stack.typeName(at: -1))")
            }
            add(future)
        }

        private mutating func add(_ future: ScriptFuture) {
            if known.insert(ObjectIdentifier(future)).inserted { futures.append(future) }
        }

        /// Adds the keys of the table at 1 if they are futures; false if it is none of that kind.
        mutating func addKeys(_ stack: LuaStack) throws -> Bool {
            let top = stack.top
            defer { stack.setTop(top) }
            stack.pushNil()
            var isFirst = true
            while stack.next(1) {
                guard let future = stack.object(at: -2) as? ScriptFuture else {
                    if isFirst { return false }
                    throw LuaException(.typeError, "a table of futures and other keys: \(stack.describeKey(at: -2))")
                }
                add(future)
                isFirst = false
                stack.pop()
            }
            return !isFirst
        }
    }
}

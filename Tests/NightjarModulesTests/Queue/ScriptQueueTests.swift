import NightjarConcurrency
import NightjarLua
import NightjarModules
import Testing

/// A queue that a Swift program and its scripts hold at once.
@Suite struct ScriptQueueTests {
    private static let kinds: [(ScriptQueue.Kind, String)] = [
        (.queue, "Queue"), (.lifo, "LifoQueue"), (.priority, "PriorityQueue"), (.simple, "SimpleQueue"),
    ]

    private static func integers(_ messages: [Message]) -> [Int64] {
        messages.compactMap { if case .integer(let value) = $0.content { value } else { nil } }
    }

    @Test(arguments: kinds) func itIsTheClassOfItsKindInScripts(kind: ScriptQueue.Kind, name: String) throws {
        let lua = try LuaScriptTests.makeState()
        defer { lua.close() }
        let queue = ScriptQueue(kind, maxsize: 7)
        try lua.set("q", queue)
        try lua.run(
            """
            local queue = require "queue"
            assert(q.class == queue.\(name), tostring(q))
            assert(q.maxsize == \(kind == .simple ? "nil" : "7"))
            q:put(3) q:put(1) q:put(2)
            """)
        let order: [Int64] =
            switch kind {
            case .queue, .simple: [3, 1, 2]
            case .lifo: [2, 1, 3]
            case .priority: [1, 2, 3]
            }
        #expect(try Self.integers(queue.getMany(5)) == order)
        try queue.put(Message(.boolean(true)))
        try lua.run("assert(q:get() == true and #q == 0)")
        #expect(queue.control.isEmpty)
    }

    @Test func aPriorityGivenInSwiftOrdersWhatHasNone() throws {
        let queue = ScriptQueue(.priority)
        for (text, value) in [("b", Int64(2)), ("c", 3), ("a", 1)] {
            try queue.put(Message(.integer(value)), priority: PriorityKey(.string(Array(text.utf8))))
        }
        #expect(try Self.integers(queue.getMany(3)) == [1, 2, 3])
        #expect(throws: QueueError.self) { try queue.put(Message(.nil)) }
        #expect(queue.control.isEmpty)
        try queue.put(Message(.nil), priority: PriorityKey(.integer(1)))
        #expect(throws: QueueError.incomparable(.string, .number)) {
            try queue.put(Message(.nil), priority: PriorityKey(.string([])))
        }
    }

    @Test func aScriptThatWaitsGetsWhatSwiftPuts() throws {
        let queue = ScriptQueue(maxsize: 1), replies = ScriptQueue()
        let lua = try LuaScriptTests.makeState()
        defer { lua.close() }
        try lua.set("q", queue)
        try lua.set("replies", replies)
        try lua.run(
            """
            worker = require "threading".Thread{target = function()
                for item in q:items() do replies:put(item * 2) q:task_done() end
                replies:shutdown()
            end}
            worker:start()
            """)
        for value in 1...100 { try queue.put(Message(.integer(Int64(value)))) }
        #expect(try queue.control.join())
        queue.control.shutdown()
        var sum: Int64 = 0
        while let message = try? replies.get() { sum += Self.integers([message]).reduce(0, +) }
        #expect(sum == 10_100)
        try lua.run("worker:join()")
    }

    @Test func timeAndEndAreToldAsErrors() throws {
        let queue = ScriptQueue(maxsize: 1)
        #expect(throws: QueueError.empty) { try queue.get(until: .passed) }
        #expect(throws: QueueError.empty) { try queue.getMany(3, until: Deadline(after: 0.001)) }
        try queue.put(Message(.nil))
        #expect(throws: QueueError.full) { try queue.put(Message(.nil), until: .passed) }
        queue.control.shutdown(immediate: true)
        #expect(throws: QueueError.shutDown) { try queue.get() }
        #expect(throws: QueueError.shutDown) { try queue.put(Message(.nil)) }
    }
}

public import NightjarConcurrency
public import NightjarLua

extension LuaExceptionClass {
    static let brokenBarrier = LuaExceptionClass("BrokenBarrierError", module: "threading", parent: .runtimeError)
}

extension BrokenBarrier: LuaExceptionConvertible {
    // Python raises it without a message.
    public var luaException: LuaException { LuaException(.brokenBarrier, "") }
}

/// `threading.Barrier`, <https://docs.python.org/3/library/threading.html#barrier-objects>.
///
/// The action has an interpreter of its own, made when the barrier is: whichever thread comes last runs it there. So it is the same
/// copy in every round, and what it keeps in its upvalues is there in the next.
final class ScriptBarrier: CrossesThreads {
    private let barrier: Barrier
    /// Seconds for waits that do not say.
    private let timeout: Double?

    private init(_ call: LuaCall) throws {
        timeout = try call.seconds(4)
        let parties: Int = try call.argument(2), label = call.label("threading.Barrier")
        guard let action = try BarrierAction(call, at: 3) else {
            barrier = try Barrier(parties: parties, label: label)
            return
        }
        barrier = try Barrier(parties: parties, label: label) { try action.run() }
    }

    static let luaType = LuaType(
        "Barrier", for: ScriptBarrier.self, module: "threading",
        doc: "Lets a number of threads wait for each other; Barrier(parties, action, timeout)."
    ) {
        $0.subclassable(LuaSignature("parties, action, timeout", tables: [])) { call in try ScriptBarrier(call) }
        $0.method(
            "wait", LuaSignature("timeout"), doc: "Waits for the others; gives each thread a number from 0 on."
        ) { (barrier: ScriptBarrier, call: LuaCall) in
            try barrier.wait(call)
        }
        $0.method("reset", doc: "Empties it; those who wait get BrokenBarrierError.") { (barrier: ScriptBarrier) in
            barrier.barrier.reset()
        }
        $0.method("abort", doc: "Breaks it: all waits raise BrokenBarrierError.") { (barrier: ScriptBarrier) in
            barrier.barrier.abort()
        }
        $0.property("parties", doc: "How many threads it takes to pass.", get: { $0.barrier.parties })
        $0.property("n_waiting", doc: "How many threads are in it.", get: { $0.barrier.waitingCount })
        $0.property("broken", doc: "Whether it is broken.", get: { $0.barrier.isBroken })
        $0.metamethod("__tostring") { barrier, call in
            try call.results(ObjectText.described(barrier, call, barrier.stateText))
        }
    }

    private var stateText: String {
        barrier.isBroken ? "broken" : "waiters=\(barrier.waitingCount)/\(barrier.parties)"
    }

    private func wait(_ call: LuaCall) throws -> Int32 {
        let seconds = try call.seconds(2) ?? timeout
        call.forgetOldInterruption()
        do {
            return try call.results(
                call.waiting { try seconds.map { try barrier.wait(timeout: $0) } ?? barrier.wait() })
        } catch let error as CrossedError {
            try error.raise(call)
        }
    }
}

/// The action of a barrier.
private final class BarrierAction: Sendable {
    private let cell: ScriptCell

    /// nil where the argument is.
    init?(_ call: LuaCall, at index: Int32) throws {
        let stack = call.stack
        if stack.isNilOrNone(at: index) { return nil }
        guard stack.isCallable(at: index) else {
            throw call.badArgument(index, "function expected, got \(stack.typeName(at: index))")
        }
        cell = try ScriptCell(stack, at: index, as: "action")
    }

    /// - Throws: what the action raises, ready for another interpreter.
    func run() throws {
        let done: Void? = try cell.run { stack in
            do throws(LuaError) {
                try stack.call(arguments: 0, results: 0)
            } catch {
                if error.kind == .interrupted { throw WaitInterrupted() }
                throw CrossedError(error, on: stack)
            }
        }
        if done == nil { throw LuaException(.runtimeError, "the action of a barrier waits for the same barrier") }
    }
}

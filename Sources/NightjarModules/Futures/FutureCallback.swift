import NightjarConcurrency
import NightjarLua

/// A function of a script that is called with a future when that is done.
///
/// In the interpreter that added it, the function itself is called; in another one that ends the future, a copy, made when it was added.
/// Where no interpreter is at hand, such as when Swift cancels the future, the copy runs on a thread of its own.
final class FutureCallback: Sendable {
    private let original: LuaReference
    private let copy: Message
    private weak let environment: ScriptEnvironment?

    /// Takes the function at `index`.
    /// - Throws: a `TypeError` that names what of it cannot cross.
    init(_ stack: LuaStack, at index: Int32, for future: ScriptFuture) throws {
        copy = StandIn.replace(future, in: try MessageEncoder.encode(stack, at: index, as: MessageRoot(name: "fn")))
        original = LuaReference(stack, at: index)
        environment = ScriptEnvironment.of(LuaState.of(stack))
    }

    func run(_ future: ScriptFuture) {
        // A script that is being stopped has no time for it.
        if let state = EndingInterpreter.current, !state.isInterrupted, !CurrentThread.of(state).isCancelled {
            return run(future, state)
        }
        // If there is no thread to be had the program is at its end.
        _ = try? environment?.callbackExecutor.submit { [self] state in run(future, state) }
    }

    private func run(_ future: ScriptFuture, _ state: LuaState) {
        let stack = state.stack
        FutureCallback.call(with: future, state) {
            if !original.push(to: stack) {
                try MessageDecoder.push(StandIn.restore(future, in: copy), to: stack)
            }
        }
    }

    /// Calls the function that `push` pushes. An error of it is logged and goes no further.
    static func call(with future: ScriptFuture, _ state: LuaState, _ push: () throws -> Void) {
        let stack = state.stack, top = stack.top
        defer { stack.setTop(top) }
        do {
            try stack.reserve(24)
            try push()
            try future.push(to: stack)
            try stack.call(arguments: 1, results: 0)
        } catch {
            // An interruption goes on by itself.
            if LuaError.wrapping(error).kind == .interrupted { return }
            let description = (try? future.describe(stack)) ?? "a future"
            FuturesLog.error("exception calling callback for \(description)", error, ScriptEnvironment.of(state))
        }
    }
}

/// Stands for a future in the copy of its own callback: a callback that uses its future through an upvalue would keep it alive for ever if
/// it is never done.
private final class StandIn: Sendable {
    private static let shared = StandIn()

    static func replace(_ future: ScriptFuture, in message: Message) -> Message {
        exchange(future, shared, in: message)
    }

    static func restore(_ future: ScriptFuture, in message: Message) -> Message {
        exchange(shared, future, in: message)
    }

    private static func exchange(
        _ old: any AnyObject & Sendable, _ new: any AnyObject & Sendable, in message: Message
    ) -> Message {
        guard case .encoded(let encoded) = message.content, encoded.objects.contains(where: { $0 === old }) else {
            return message
        }
        let objects = encoded.objects.map { $0 === old ? new : $0 }
        return Message(.encoded(encoded.withBytes { EncodedMessage(copying: $0, objects: objects) }))
    }
}

import Glibc
import NightjarLua

/// The interpreter that is ending futures on the calling thread: callbacks of these futures run in it.
enum EndingInterpreter {
    private static let slot: pthread_key_t = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key, nil)
        precondition(code == 0, "no thread-specific slot left")
        return key
    }()

    /// Runs `body`; futures that it ends have their callbacks run in `state`.
    static func with<Result>(_ state: LuaState, _ body: () throws -> Result) rethrows -> Result {
        let outer = pthread_getspecific(slot)
        pthread_setspecific(slot, Unmanaged.passUnretained(state).toOpaque())
        defer { pthread_setspecific(slot, outer) }
        return try body()
    }

    /// The interpreter, if scripts can run in it now: not inside its collector.
    static var current: LuaState? {
        guard let pointer = pthread_getspecific(slot) else { return nil }
        // Set for the time of a call of `with`, whose caller has the interpreter.
        let state = Unmanaged<LuaState>.fromOpaque(pointer).takeUnretainedValue()
        return state.isClosed || state.isInsideCollector ? nil : state
    }
}

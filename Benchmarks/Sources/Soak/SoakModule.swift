import Nightjar
import Synchronization

/// What the soak's scripts have from this program: `require "soak"`.
func soakModule(_ record: Record) -> LuaModule {
    LuaModule("soak", doc: "Counts and samples.") { module in
        module.type(Token.luaType)
        module.function("sample", doc: "Notes what the process holds now.") { () in record.add(.take()) }
        module.function("progress", doc: "Tells the summary what has been done.") { (text: String) in
            record.progress(text)
        }
        module.function("fail", doc: "Notes that something is wrong.") { (text: String) in record.fail(text) }
        module.function("interpreters", doc: "How many are open.") { () in
            InterpreterMark.alive.load(ordering: .relaxed)
        }
        module.function("count", doc: "Adds to the counter of this name.") { (name: String, n: Int) in
            Counters.shared.add(n, to: name)
        }
        module.function("counter", doc: "The counter of this name.") { (name: String) in Counters.shared.value(name) }
    }
}

/// Numbers that all threads share.
final class Counters: Sendable {
    static let shared = Counters()
    private let values = Mutex<[String: Int]>([:])

    /// - Returns: the new value.
    @discardableResult
    func add(_ n: Int, to name: String) -> Int {
        values.withLock {
            $0[name, default: 0] += n
            return $0[name] ?? 0
        }
    }

    func value(_ name: String) -> Int { values.withLock { $0[name] ?? 0 } }
}

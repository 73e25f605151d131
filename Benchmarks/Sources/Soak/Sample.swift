import CMalloc
import Glibc
import Nightjar
import Synchronization

/// An object that scripts pass around; the soak counts those that live.
final class Token: LuaObject, CrossesThreads {
    static let alive = Atomic(0)
    init() { Self.alive.add(1, ordering: .relaxed) }
    deinit { Self.alive.subtract(1, ordering: .relaxed) }

    static let luaType = LuaType("Token", for: Token.self) { $0.constructor { Token() } }
}

/// Hangs on an interpreter, to count those that live.
final class InterpreterMark: Sendable {
    static let alive = Atomic(0)
    init() { Self.alive.add(1, ordering: .relaxed) }
    deinit { Self.alive.subtract(1, ordering: .relaxed) }
}

/// What the process holds at one moment.
struct Sample {
    /// Bytes that are resident, after the allocator has given back what it can.
    let resident: Int
    /// Bytes that are allocated and not freed.
    let heap: Int
    let threads: Int
    let descriptors: Int
    let interpreters: Int
    let tokens: Int

    static func take() -> Sample {
        malloc_trim(0)
        let heap = mallinfo2()
        return Sample(
            resident: statusNumber("VmRSS:") * 1024, heap: Int(heap.uordblks + heap.hblkhd),
            threads: statusNumber("Threads:"), descriptors: entries(of: "/proc/self/fd") - 1,
            interpreters: InterpreterMark.alive.load(ordering: .relaxed), tokens: Token.alive.load(ordering: .relaxed))
    }

    /// A sample when nothing is left that ends by itself, or after a while.
    static func settled() -> Sample {
        let end = Deadline(after: 20)
        while InterpreterMark.alive.load(ordering: .relaxed) + Token.alive.load(ordering: .relaxed) > 0, !end.hasPassed
        {
            try? Waiter.current.sleep(until: Deadline(after: 0.01))
        }
        return take()
    }

    /// The first number after a word of /proc/self/status.
    private static func statusNumber(_ word: String) -> Int {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix(word) {
                return Int(text.dropFirst(word.count).filter(\.isNumber)) ?? 0
            }
        }
        return 0
    }

    private static func entries(of folder: String) -> Int {
        guard let stream = opendir(folder) else { return 0 }
        defer { closedir(stream) }
        var count = 0
        while readdir(stream) != nil { count += 1 }
        // Without `.` and `..`.
        return count - 2
    }
}

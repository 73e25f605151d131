internal import CLuaSupport

/// An open file of a script (`io.open`, `io.popen`) that other threads write to.
///
/// The file stays the script's, and its collector's no more while this object is there. The script may close it, and the end of its
/// interpreter does; from then on writing fails. What the script and others write comes in the order in which they do. Thread-safe, except
/// where a stack is given.
public final class LuaFile: Sendable {
    // Sendable although it is a pointer: what it points to is locked by those who use it, and counted.
    private nonisolated(unsafe) let file: OpaquePointer
    private let reference: LuaReference

    public enum Failure: Error, Equatable {
        case closed
        /// With the `errno` of the system.
        case system(Int32)
    }

    /// Nil if the value at `index` is no file of Lua's.
    public init?(_ stack: LuaStack, at index: Int32) {
        guard stack.type(at: index) == .userdata, let file = nj_share_file(stack.L, index) else { return nil }
        self.file = file
        reference = LuaReference(stack, at: index)
    }

    deinit { nj_release_file(file) }

    public var isOpen: Bool { nj_file_is_open(file) }
    public var isTerminal: Bool { nj_file_is_terminal(file) }

    /// Writes all bytes, and flushes them.
    public func write(_ bytes: [UInt8]) throws(Failure) {
        let result = bytes.withUnsafeBytes { nj_write_file(file, $0.baseAddress, $0.count) }
        if result == NJ_FILE_CLOSED { throw .closed }
        if result != 0 { throw .system(result) }
    }

    /// Pushes the script's own file; false, and nothing pushed, in another interpreter than its own.
    public func push(to stack: LuaStack) -> Bool { reference.push(to: stack) }
}

extension StandardStreams {
    /// 1 if the value at `index` is a file of Lua's for C's `stdout`, 2 for `stderr`, else 0.
    public static func number(_ stack: LuaStack, at index: Int32) -> Int32 {
        stack.type(at: index) == .userdata ? nj_standard_stream(stack.L, index) : 0
    }
}

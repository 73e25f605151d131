internal import CLuaSupport

/// The streams of C that all interpreters of a process print to.
public enum StandardStreams {
    /// For the end of the process: keeps other threads from printing any more, and lets the line that one is printing come to its end.
    ///
    /// `exit` flushes the streams without their locks. A thread between its write and the note of it would see its line written twice.
    /// - Parameter milliseconds: how long to wait for a thread that is stuck in a write.
    public static func holdBack(milliseconds: Int32) { nj_hold_output(milliseconds) }
}

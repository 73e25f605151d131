import Glibc
import NightjarLogging
import NightjarLua

/// Writes to an open file of a script. A file that the script has closed by then is Python's error. Thread-safe.
final class ScriptFileSink: Sink {
    let file: LuaFile

    init(_ file: LuaFile) { self.file = file }

    func write(_ bytes: [UInt8]) throws {
        do { try file.write(bytes) } catch {
            switch error {
            case .closed: throw Self.closedError
            case .system(let code):
                throw LoggingError(
                    .operatingSystem, "[Errno \(code)] \(String(cString: strerror(code)))", errorNumber: code)
            }
        }
    }

    /// Nothing is kept back here; but as in Python a closed file cannot be flushed.
    func flush() throws { if !file.isOpen { throw Self.closedError } }
    func close() {}
    var isTerminal: Bool { file.isTerminal }

    private static var closedError: LoggingError { LoggingError(.value, "I/O operation on closed file.") }
}

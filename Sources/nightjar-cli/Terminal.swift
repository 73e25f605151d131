import Glibc
import NightjarLua

/// What the command says to the one who started it.
enum Terminal {
    /// A line to standard error.
    static func report(_ text: String) {
        var line = text.hasSuffix("\n") ? text : text + "\n"
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = write(2, rest.baseAddress, rest.count)
                if count < 0 && errno != EINTR { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
            }
        }
    }

    /// Flushes what C has buffered and ends the process.
    static func exit(code: Int32) -> Never {
        StandardStreams.holdBack(milliseconds: 100)
        Glibc.exit(code)
    }
}

// For `stdout` and `stderr`, which Swift takes for mutable state: they are set before `main`, and nobody assigns them here.
@preconcurrency import Glibc

/// C's streams.
enum StandardStreams {
    static var output: UnsafeMutablePointer<FILE> { stdout }
    static var errors: UnsafeMutablePointer<FILE> { stderr }
}

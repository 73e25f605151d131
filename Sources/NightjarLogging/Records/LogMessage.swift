/// The text of a call. Written as a string literal; what is interpolated goes straight into a buffer of the thread, so that most calls make
/// no `String`.
public struct LogMessage: Sendable {
    /// One of both is empty.
    private let string: String
    private var bytes: [UInt8]

    public init(_ text: String) {
        string = text
        bytes = []
    }

    private init(utf8 bytes: [UInt8]) {
        string = ""
        self.bytes = bytes
    }

    /// Calls `body` with the text's UTF-8.
    @inline(__always)
    func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        if !bytes.isEmpty { return try bytes.withUnsafeBufferPointer(body) }
        if let result = try string.utf8.withContiguousStorageIfAvailable(body) { return result }
        var text = string
        return try text.withUTF8(body)
    }

    /// Leaves the buffer to the thread's next message, and is empty then.
    @inline(__always)
    mutating func recycle(to thread: ThreadState) {
        if !bytes.isEmpty { thread.giveBack(message: &bytes) }
    }
}

extension LogMessage: CustomStringConvertible {
    public var description: String { bytes.isEmpty ? string : String(decoding: bytes, as: UTF8.self) }
}

extension LogMessage: ExpressibleByStringInterpolation {
    public init(stringLiteral text: String) { self.init(text) }
    public init(stringInterpolation: consuming StringInterpolation) { self.init(utf8: stringInterpolation.bytes) }

    /// Shows values as `String` does.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8]

        public init(literalCapacity: Int, interpolationCount: Int) {
            bytes = ThreadState.current.takeMessageBuffer()
        }

        public mutating func appendLiteral(_ text: String) { bytes.append(text) }
        public mutating func appendInterpolation(_ text: String) { bytes.append(text) }
        public mutating func appendInterpolation(_ number: Int) { bytes.append(Int64(number)) }
        public mutating func appendInterpolation(_ number: Int64) { bytes.append(number) }
        public mutating func appendInterpolation(_ number: Int32) { bytes.append(Int64(number)) }
        public mutating func appendInterpolation(_ number: UInt64) { bytes.append(magnitude: number) }
        public mutating func appendInterpolation<Value>(_ value: Value) { bytes.append(String(describing: value)) }
    }
}

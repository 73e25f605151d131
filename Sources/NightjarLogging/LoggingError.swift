/// What can go wrong when logging is set up, with the text Python has for it.
public struct LoggingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which of Python's exception classes stands for the error. More may be added.
    public struct Kind: Hashable, Sendable {
        /// The name of Python's class.
        public let className: String

        public static let value = Kind(className: "ValueError")
        public static let type = Kind(className: "TypeError")
        public static let key = Kind(className: "KeyError")
        public static let lookup = Kind(className: "LookupError")
        public static let operatingSystem = Kind(className: "OSError")
        public static let unicodeEncode = Kind(className: "UnicodeEncodeError")
        public static let runtime = Kind(className: "RuntimeError")
        public static let timeout = Kind(className: "TimeoutError")
    }

    public let kind: Kind
    public let message: String
    /// The `errno` behind an error of kind `.operatingSystem`, else 0.
    public let errorNumber: Int32

    /// How much of a text was written before the error.
    public let bytesWritten: Int

    public init(_ kind: Kind, _ message: String, errorNumber: Int32 = 0, bytesWritten: Int = 0) {
        self.kind = kind
        self.message = message
        self.errorNumber = errorNumber
        self.bytesWritten = bytesWritten
    }

    public var description: String { message }

    /// The same error, so many bytes later.
    func after(bytes: Int) -> LoggingError {
        LoggingError(kind, message, errorNumber: errorNumber, bytesWritten: bytesWritten + bytes)
    }
}

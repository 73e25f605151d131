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
    }

    public let kind: Kind
    public let message: String
    /// The `errno` behind an error of kind `.operatingSystem`, else 0.
    public let errorNumber: Int32

    public init(_ kind: Kind, _ message: String, errorNumber: Int32 = 0) {
        self.kind = kind
        self.message = message
        self.errorNumber = errorNumber
    }

    public var description: String { message }
}

/// An error of `StructFormat`, with the text CPython gives the same mistake.
///
/// Source: https://docs.python.org/3.14/library/struct.html#struct.error
public struct StructError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which Python class the error corresponds to. More kinds may be added.
    public struct Kind: Sendable, Hashable {
        private enum Code: Sendable { case structure, overflow, memory }
        private let code: Code

        /// `struct.error`.
        public static let structure = Kind(code: .structure)
        /// `OverflowError`: a float that the smaller float format cannot hold.
        public static let overflow = Kind(code: .overflow)
        /// `MemoryError`: a record too large to make.
        public static let memory = Kind(code: .memory)
    }

    /// The class of the error.
    public let kind: Kind
    /// CPython's message, without a class name.
    public let message: String

    /// Creates an error; `kind` is `struct.error` unless told otherwise.
    public init(_ message: String, kind: Kind = .structure) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

internal import Glibc

/// An error of `ZipArchive` and its readers and writers, worded as Python's `zipfile` words it.
///
/// Source: https://docs.python.org/3.14/library/zipfile.html
public struct ZipError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which Python class the error corresponds to. More kinds may be added.
    public struct Kind: Sendable, Hashable {
        private enum Code: Sendable {
            case badZipFile, largeZipFile, limit, key, value, runtime, notImplemented, system, unsupportedOperation
        }
        private let code: Code

        /// `BadZipFile`: the bytes are not what the format demands.
        public static let badZipFile = Kind(code: .badZipFile)
        /// `LargeZipFile`: zip64 is needed and was not allowed.
        public static let largeZipFile = Kind(code: .largeZipFile)
        /// `ZipLimitError`, a `BadZipFile`: one of `ZipLimits` is exceeded.
        public static let limit = Kind(code: .limit)
        /// `KeyError`: no member has that name.
        public static let key = Kind(code: .key)
        /// `ValueError`: a wrong argument, or a call at the wrong time.
        public static let value = Kind(code: .value)
        /// `RuntimeError`.
        public static let runtime = Kind(code: .runtime)
        /// `NotImplementedError`: a feature of the format that is not supported.
        public static let notImplemented = Kind(code: .notImplemented)
        /// `OSError` or, by `errorNumber`, its subclass such as `FileNotFoundError`.
        public static let system = Kind(code: .system)
        /// `io.UnsupportedOperation`.
        public static let unsupportedOperation = Kind(code: .unsupportedOperation)
    }

    /// The class of the error.
    public let kind: Kind
    /// Python's message, without a class name.
    public let message: String
    /// The `errno` of a `.system` error, else 0.
    public let errorNumber: Int32
    /// The file of a `.system` error.
    public let path: String?

    /// Creates an error that is not the system's.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
        errorNumber = 0
        path = nil
    }

    /// Creates the error of a system call, with Python's text: `[Errno 2] No such file or directory: 'x'`.
    public init(errorNumber: Int32, path: String?) {
        kind = .system
        self.errorNumber = errorNumber
        self.path = path
        let text = "[Errno \(errorNumber)] \(String(cString: strerror(errorNumber)))"
        message = path.map { "\(text): \(pythonRepr($0))" } ?? text
    }

    /// The message.
    public var description: String { message }

    static func bad(_ message: String) -> ZipError { ZipError(.badZipFile, message) }
    static func value(_ message: String) -> ZipError { ZipError(.value, message) }
    static func system(_ path: String?) -> ZipError { ZipError(errorNumber: errno, path: path) }
    static var closed: ZipError { .value("Attempt to use ZIP archive that was already closed") }
}

/// A string as Python's `repr` shows it, which is how names stand in Python's messages.
package func pythonRepr(_ text: String) -> String {
    let quote: Unicode.Scalar = text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
    var result = String(Character(quote))
    for scalar in text.unicodeScalars {
        switch scalar {
        case quote, "\\": result += "\\\(scalar)"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "\0"..<" ", "\u{7F}"..<"\u{A1}":
            let digits = String(scalar.value, radix: 16)
            result += "\\x" + (digits.count < 2 ? "0" + digits : digits)
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + String(Character(quote))
}

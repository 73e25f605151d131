/// Why bytes did not leave, or were not accepted.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong. More may be added.
    public struct Kind: Hashable, Sendable {
        private enum Value {
            case timeout, unreachable, broken, interrupted, rejected, authentication, security, unavailable, invalid
        }
        private let value: Value

        /// The time that was given ran out.
        public static let timeout = Kind(value: .timeout)
        /// There is nobody at the address, or no such address.
        public static let unreachable = Kind(value: .unreachable)
        /// The connection ended before all was done.
        public static let broken = Kind(value: .broken)
        /// Somebody called `interrupt`.
        public static let interrupted = Kind(value: .interrupted)
        /// The other side answered, and said no.
        public static let rejected = Kind(value: .rejected)
        /// The other side does not take the name and password.
        public static let authentication = Kind(value: .authentication)
        /// The other side could not prove who it is, or offers no encryption.
        public static let security = Kind(value: .security)
        /// What this needs is not installed.
        public static let unavailable = Kind(value: .unavailable)
        /// Nothing was tried: what was given makes no sense, such as an address with a line end in it.
        public static let invalid = Kind(value: .invalid)
    }

    public let kind: Kind
    public let message: String
    /// The `errno` behind it, else 0.
    public let errorNumber: Int32
    /// What an HTTP or mail server answered, else 0.
    public let status: Int
    /// Whether the same bytes may pass later.
    public let isTemporary: Bool

    /// - Parameter isTemporary: nil leaves it to the kind.
    public init(_ kind: Kind, _ message: String, errorNumber: Int32 = 0, status: Int = 0, isTemporary: Bool? = nil) {
        self.kind = kind
        self.message = message
        self.errorNumber = errorNumber
        self.status = status
        let final: [Kind] = [.rejected, .authentication, .security, .unavailable, .invalid]
        self.isTemporary = isTemporary ?? !final.contains(kind)
    }

    public var description: String { message }
}

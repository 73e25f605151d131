internal import NightjarTransport

/// How a server is to prove who it is, and how we do. The transport's own type, for those who do not import it.
public struct NetworkTLS: Sendable, Hashable {
    /// Certificates of authorities to believe in place of the system's.
    public var caFile: String?
    public var caFolder: String?
    /// Our own certificate and its key, for servers that ask.
    public var certificateFile: String?
    public var keyFile: String?
    /// Whether the server's certificate is checked; without that, anybody in between can read along.
    public var verifies = true

    public init() {}

    var options: TLSOptions {
        TLSOptions(
            caFile: caFile, caFolder: caFolder, certificateFile: certificateFile, keyFile: keyFile, verifies: verifies)
    }
}

public enum NetworkCredentials: Sendable, Hashable {
    case basic(user: String, password: String)
    case bearer(token: String)

    var transport: Credentials {
        switch self {
        case .basic(let user, let password): .basic(user: user, password: password)
        case .bearer(let token): .bearer(token: token)
        }
    }
}

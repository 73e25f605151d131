internal import CCurl

/// How the other side is to prove who it is, and how we do.
public struct TLSOptions: Sendable, Hashable {
    /// Certificates of authorities to believe in place of the system's.
    public var caFile: String?
    public var caFolder: String?
    /// Our own certificate and its key, for servers that ask.
    public var certificateFile: String?
    public var keyFile: String?
    /// Whether the server's certificate is checked. Without it anybody in between can read along.
    public var verifies: Bool

    public init(
        caFile: String? = nil, caFolder: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
        verifies: Bool = true
    ) {
        self.caFile = caFile
        self.caFolder = caFolder
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.verifies = verifies
    }
}

public enum Credentials: Sendable, Hashable {
    case basic(user: String, password: String)
    /// An `Authorization: Bearer` header, or `XOAUTH2` for mail, which then needs a user.
    case bearer(user: String? = nil, token: String)
}

extension TLSOptions {
    func apply(to curl: CurlHandle) throws(TransportError) {
        // CURL_SSLVERSION_TLSv1_2: at least that.
        try curl.set(CURLOPT_SSLVERSION, 6)
        try curl.set(CURLOPT_SSL_VERIFYPEER, verifies ? 1 : 0)
        try curl.set(CURLOPT_SSL_VERIFYHOST, verifies ? 2 : 0)
        if let caFile { try curl.set(CURLOPT_CAINFO, caFile) }
        if let caFolder { try curl.set(CURLOPT_CAPATH, caFolder) }
        if let certificateFile { try curl.set(CURLOPT_SSLCERT, certificateFile) }
        // As in Python, one file may hold both.
        if let key = keyFile ?? certificateFile { try curl.set(CURLOPT_SSLKEY, key) }
    }
}

extension Credentials {
    func apply(to curl: CurlHandle) throws(TransportError) {
        switch self {
        case .basic(let user, let password):
            try curl.set(CURLOPT_USERNAME, user)
            try curl.set(CURLOPT_PASSWORD, password)
        case .bearer(let user, let token):
            if let user { try curl.set(CURLOPT_USERNAME, user) }
            try curl.set(CURLOPT_XOAUTH2_BEARER, token)
        }
    }
}

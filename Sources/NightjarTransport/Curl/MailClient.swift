internal import CCurl
internal import Synchronization

/// Sends mail by libcurl, over a connection that is kept while it is used. Thread-safe; calls are served one at a time.
public final class MailClient: Sendable {
    /// How the connection is encrypted.
    public enum Security: Sendable, Hashable {
        case none
        /// Begins in the clear; a server that offers no encryption is refused.
        case startTLS
        /// Encrypted from the first byte (port 465).
        case tls
    }

    public let host: String
    public let port: Int
    public let security: Security
    public let tls: TLSOptions
    public let credentials: Credentials?
    public let timeout: Duration
    private let handle = Mutex<CurlHandle?>(nil)
    private let stopper = CurlHandle.Stopper()

    /// - Parameter timeout: for each mail, from name lookup to the server's last answer.
    public init(
        host: String, port: Int = 25, security: Security = .none, tls: TLSOptions = TLSOptions(),
        credentials: Credentials? = nil, timeout: Duration = .seconds(5)
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.tls = tls
        self.credentials = credentials
        self.timeout = timeout
    }

    /// Hands one mail to the server. Recipients that it refuses are left out, unless it refuses all.
    /// - Parameters:
    ///   - sender, recipients: bare addresses.
    ///   - message: headers, an empty line and the body, with CRLF line ends. Lines that begin with a dot are taken care of.
    /// - Throws: `TransportError`, temporary or not as the server said.
    public func send(from sender: String, to recipients: [String], message: [UInt8]) throws(TransportError) {
        for address in [sender] + recipients { try Self.check(address) }
        guard !recipients.isEmpty else { throw TransportError(.invalid, "a mail without recipients") }
        try handle.withLock { handle throws(TransportError) in
            if handle == nil { handle = try CurlHandle(stopper) }
            guard let curl = handle else { preconditionFailure("it was made just now") }
            try prepare(curl, sender)
            let outcome = try curl.run(.upload(message), lists: [(CURLOPT_MAIL_RCPT, recipients.map { "<\($0)>" })])
            try outcome.check(url)
        }
    }

    private var url: String {
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "\(security == .tls ? "smtps" : "smtp")://\(name):\(port)"
    }

    private func prepare(_ curl: CurlHandle, _ sender: String) throws(TransportError) {
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "@") })
        else {
            throw TransportError(.invalid, "no name of a mail server: \(host.debugDescription)")
        }
        try curl.begin(url: url, timeout: timeout)
        try tls.apply(to: curl)
        try curl.set(CURLOPT_USE_SSL, security == .none ? Int(CURLUSESSL_NONE.rawValue) : Int(CURLUSESSL_ALL.rawValue))
        try credentials?.apply(to: curl)
        try curl.set(CURLOPT_MAIL_FROM, "<\(sender)>")
        try curl.set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1)
    }

    /// - Throws: `.invalid` for what would end the command that it is part of.
    public static func check(_ address: String) throws(TransportError) {
        let refused: Set<UInt8> = [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: " "), 0x7F]
        guard !address.isEmpty, address.utf8.allSatisfy({ $0 > 0x20 && !refused.contains($0) }) else {
            throw TransportError(.invalid, "no mail address: \(address.debugDescription)")
        }
    }

    /// Ends the transfer that is under way, and those that come later, until `resume`. From any thread.
    public func interrupt() { stopper.interrupt() }
    public func resume() { stopper.resume() }

    /// Closes connections, and interrupts a call that is under way on another thread. A later call opens others.
    public func close() {
        if handle.withLockIfAvailable({ $0 = nil }) != nil { return }
        interrupt()
        handle.withLock { $0 = nil }
        resume()
    }
}

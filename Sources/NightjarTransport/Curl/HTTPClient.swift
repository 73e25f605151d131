internal import CCurl
internal import Synchronization

public struct HTTPRequest: Sendable {
    public var url: String
    /// Sent by POST; nil is a GET request.
    public var body: [UInt8]?
    /// Beside those that every request has.
    public var headers: [(name: String, value: String)]

    public init(_ url: String, body: [UInt8]? = nil, headers: [(name: String, value: String)] = []) {
        self.url = url
        self.body = body
        self.headers = headers
    }
}

public struct HTTPResponse: Sendable {
    public let status: Int
    /// The start of what the server said, 4 KiB at most.
    public let body: [UInt8]
}

/// Makes HTTP requests by libcurl, over connections that are kept. No redirections are followed, no environment variable chooses a
/// proxy. Thread-safe; calls are served one at a time.
public final class HTTPClient: Sendable {
    public let tls: TLSOptions
    public let credentials: Credentials?
    public let timeout: Duration
    private let handle = Mutex<CurlHandle?>(nil)
    private let stopper = CurlHandle.Stopper()

    /// - Parameter timeout: for each request, from name lookup to the last byte of the answer.
    public init(tls: TLSOptions = TLSOptions(), credentials: Credentials? = nil, timeout: Duration = .seconds(5)) {
        self.tls = tls
        self.credentials = credentials
        self.timeout = timeout
    }

    /// - Throws: `TransportError` if there was no answer. An answer of any status is none.
    public func send(_ request: HTTPRequest) throws(TransportError) -> HTTPResponse {
        try handle.withLock { handle throws(TransportError) in
            if handle == nil { handle = try CurlHandle(stopper) }
            guard let curl = handle else { preconditionFailure("it was made just now") }
            try prepare(curl, request)
            let payload = request.body.map(CurlHandle.Payload.body) ?? .none
            let outcome = try curl.run(payload, lists: [(CURLOPT_HTTPHEADER, headers(request))])
            // An answer that was cut short is still an answer.
            if outcome.code != CURLE_OK, outcome.status == 0 || outcome.code == CURLE_ABORTED_BY_CALLBACK {
                try outcome.check(request.url)
            }
            return HTTPResponse(status: outcome.status, body: outcome.reply)
        }
    }

    private func prepare(_ curl: CurlHandle, _ request: HTTPRequest) throws(TransportError) {
        guard request.url.hasPrefix("http://") || request.url.hasPrefix("https://") else {
            throw TransportError(.invalid, "no URL of http or https: \(request.url.debugDescription)")
        }
        try curl.begin(url: request.url, timeout: timeout)
        try tls.apply(to: curl)
        if let credentials {
            try credentials.apply(to: curl)
            let isBearer = if case .bearer = credentials { true } else { false }
            // CURLAUTH_BEARER and CURLAUTH_BASIC, which are macros with casts.
            try curl.set(CURLOPT_HTTPAUTH, isBearer ? 1 << 6 : 1 << 0)
        }
    }

    private func headers(_ request: HTTPRequest) throws(TransportError) -> [String] {
        // No "Expect: 100-continue", which costs a second with servers that do not know it.
        var lines = ["Expect:", "User-Agent: nightjar"]
        for (name, value) in request.headers {
            try HTTPHeader.check(name, value)
            // libcurl takes "Name:" as the wish to have no such header, and "Name;" as an empty one.
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        return lines
    }

    /// Ends the request that is under way, and those that come later, until `resume`. From any thread.
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

public enum HTTPHeader {
    /// - Throws: `.invalid` for a name or value that would end its line or its name.
    public static func check(_ name: String, _ value: String) throws(TransportError) {
        let separators = Set("()<>@,;:\\\"/[]?={} \t".utf8)
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !separators.contains($0) }) else {
            throw TransportError(.invalid, "no name of a header: \(name.debugDescription)")
        }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw TransportError(.invalid, "control characters in the header \(name)")
        }
    }
}

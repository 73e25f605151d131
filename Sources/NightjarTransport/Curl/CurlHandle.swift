internal import CCurl
internal import Synchronization

/// One transfer of libcurl at a time, and the connections that are kept from one to the next. Used by one thread at a time,
/// but for `interrupt`.
final class CurlHandle {
    private let curl: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer
    private let stopper: Stopper

    /// Says, from any thread, that a transfer is to end.
    final class Stopper: Sendable {
        private let stopped = Atomic(false)
        private let multi = Mutex<UInt?>(nil)

        var isStopped: Bool { stopped.load(ordering: .acquiring) }

        func interrupt() {
            stopped.store(true, ordering: .releasing)
            multi.withLock { if let multi = $0 { nj_curl_multi_wake(UnsafeMutableRawPointer(bitPattern: multi)) } }
        }

        func resume() { stopped.store(false, ordering: .releasing) }

        fileprivate func wakes(_ handle: UnsafeMutableRawPointer?) {
            multi.withLock { $0 = handle.map { UInt(bitPattern: $0) } }
        }
    }

    /// - Throws: `.unavailable` where libcurl is not installed.
    init(_ stopper: Stopper) throws(TransportError) {
        if let problem = nj_curl_load() { throw TransportError(.unavailable, String(cString: problem)) }
        guard let curl = nj_curl_make(), let multi = nj_curl_multi_make() else {
            throw TransportError(.unavailable, "libcurl has no memory for a handle")
        }
        self.curl = curl
        self.multi = multi
        self.stopper = stopper
        stopper.wakes(multi)
    }

    deinit {
        stopper.wakes(nil)
        nj_curl_free(curl)
        nj_curl_multi_free(multi)
    }

    // MARK: Options

    /// Forgets all options, not the connections, and sets those that every transfer has.
    func begin(url: String, timeout: Duration) throws(TransportError) {
        nj_curl_reset(curl)
        try set(CURLOPT_NOSIGNAL, 1)
        try check(nj_curl_keep_sockets(curl))
        try set(CURLOPT_URL, url)
        let (seconds, attoseconds) = timeout.components
        let milliseconds = max(1, Int(clamping: seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
        try set(CURLOPT_TIMEOUT_MS, milliseconds)
        try set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
        // The environment has no say in where logs go.
        try set(CURLOPT_PROXY, "")
        try set(CURLOPT_NETRC, 0)
        try set(CURLOPT_FOLLOWLOCATION, 0)
    }

    func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(nj_curl_set_number(curl, option, value))
    }

    func set(_ option: CURLoption, _ value: String) throws(TransportError) {
        // A C string would end at the first zero byte, and line ends have a meaning in all these protocols.
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw TransportError(.invalid, "control characters are not allowed in: \(value.debugDescription)")
        }
        try check(nj_curl_set_text(curl, option, value))
    }

    private func check(_ code: CURLcode) throws(TransportError) {
        guard code == CURLE_OK else {
            throw TransportError(.unavailable, "libcurl: \(String(cString: nj_curl_error_text(code)))")
        }
    }

    // MARK: Transfers

    /// What came back.
    struct Outcome {
        var code: CURLcode
        var status: Int
        var reply: [UInt8]
        /// In libcurl's words.
        var problem: String
    }

    enum Payload {
        case none
        /// The body of a POST request.
        case body([UInt8])
        case upload([UInt8])
    }

    /// - Parameter lists: options whose values are lists of texts.
    func run(_ payload: Payload, lists: [(CURLoption, [String])]) throws(TransportError) -> Outcome {
        var made: [UnsafeMutablePointer<curl_slist>?] = []
        defer { made.forEach(nj_curl_list_free) }
        for (option, texts) in lists where !texts.isEmpty {
            let list = try Self.list(texts)
            made.append(list)
            try check(nj_curl_set_list(curl, option, list))
        }
        do { return try run(payload) } catch let error as TransportError { throw error } catch {
            throw TransportError(.unavailable, "\(error)")
        }
    }

    private static func list(_ texts: [String]) throws(TransportError) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for text in texts {
            guard let longer = nj_curl_list_append(list, text) else {
                nj_curl_list_free(list)
                throw TransportError(.unavailable, "libcurl has no memory for a list")
            }
            list = longer
        }
        return list
    }

    private func run(_ payload: Payload) throws -> Outcome {
        let bytes: [UInt8] =
            switch payload {
            case .none: []
            case .body(let bytes), .upload(let bytes): bytes
            }
        var reply = nj_curl_reply()
        return try withUnsafeMutablePointer(to: &reply) { reply in
            // One byte more, so that there is an address even of nothing.
            try (bytes + [0]).withUnsafeBufferPointer { room in
                var source = nj_curl_source(bytes: room.baseAddress, count: bytes.count, place: 0)
                return try withUnsafeMutablePointer(to: &source) { source in
                    switch payload {
                    case .none: break
                    case .body: try check(nj_curl_set_body(curl, source))
                    case .upload: try check(nj_curl_set_upload(curl, source))
                    }
                    try check(nj_curl_set_reply(curl, reply))
                    return try perform(reply)
                }
            }
        }
    }

    private func perform(_ reply: UnsafeMutablePointer<nj_curl_reply>) throws -> Outcome {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CURL_ERROR_SIZE)) { text in
            guard let base = text.baseAddress else { preconditionFailure("an allocation without an address") }
            base[0] = 0
            try check(nj_curl_set_error_buffer(curl, base))
            let context = Unmanaged.passUnretained(stopper).toOpaque()
            let code = nj_curl_run(
                multi, curl,
                { context in
                    guard let context else { return false }
                    return Unmanaged<Stopper>.fromOpaque(context).takeUnretainedValue().isStopped
                }, context)
            let problem = String(cString: base[0] == 0 ? nj_curl_error_text(code) : UnsafePointer(base))
            let count = reply.pointee.count
            return Outcome(
                code: code, status: nj_curl_response_code(curl),
                reply: withUnsafeBytes(of: reply.pointee.bytes) { Array($0.prefix(count)) }, problem: problem)
        }
    }
}

extension CurlHandle.Outcome {
    /// - Throws: what libcurl has to say about a transfer that did not come to its end.
    func check(_ target: String) throws(TransportError) {
        if code == CURLE_OK { return }
        // What is asked for with an address may be long, and nobody else's business.
        let message = "\(target.prefix { $0 != "?" }): \(problem)"
        let kind: TransportError.Kind =
            switch code {
            case CURLE_OPERATION_TIMEDOUT: .timeout
            case CURLE_ABORTED_BY_CALLBACK: .interrupted
            case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unreachable
            case CURLE_LOGIN_DENIED: .authentication
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
                CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
                .security
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .invalid
            default: .broken
            }
        throw TransportError(kind, message, status: status, isTemporary: answerIsTemporary)
    }

    /// What the last answer of the server says, if it said no: 4xx of mail and 5xx of HTTP mean "later".
    private var answerIsTemporary: Bool? {
        // Only mail servers' refusals come as errors of libcurl.
        switch status {
        case 400..<500: true
        case 500..<600: false
        default: nil
        }
    }
}

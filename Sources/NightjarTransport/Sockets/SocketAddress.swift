internal import Glibc
internal import NightjarConcurrency
internal import Synchronization

/// An address as the system has it.
struct SocketAddress: Sendable {
    let family: Int32
    let bytes: [UInt8]

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        bytes.withUnsafeBytes { bytes in
            body(bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    // MARK: Finding addresses

    /// The addresses of an endpoint, the best first.
    static func find(
        _ endpoint: Endpoint, type: Int32, stop: Interruption, deadline: Deadline
    ) throws(TransportError) -> [SocketAddress] {
        switch endpoint {
        case .path(let path): return [try unix(path)]
        case .host(let name, let port):
            guard 0...65535 ~= port else { throw TransportError(.invalid, "\(endpoint): a port is 0 to 65535") }
            guard !name.utf8.contains(0) else { throw TransportError(.invalid, "a host's name holds a zero byte") }
            let numeric = lookUp(name, port, type: type, flags: AI_NUMERICHOST)
            if case .success(let found) = numeric { return found }
            return try lookUpAside(name, port, type: type, stop: stop, deadline: deadline).get()
        }
    }

    /// A path that begins with a zero byte is in Linux's abstract space.
    private static func unix(_ path: String) throws(TransportError) -> SocketAddress {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let text = Array(path.utf8), room = MemoryLayout.size(ofValue: address.sun_path)
        guard !text.isEmpty, text.count < room, !text.dropFirst().contains(0) else {
            throw TransportError(.invalid, "AF_UNIX path too long, empty, or with a zero byte: \(path)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: text) }
        let header = MemoryLayout<sockaddr_un>.size - room
        let count = header + text.count + (text[0] == 0 ? 0 : 1)
        return SocketAddress(family: AF_UNIX, bytes: withUnsafeBytes(of: &address) { Array($0.prefix(count)) })
    }

    private typealias Found = Result<[SocketAddress], TransportError>

    private static func lookUp(_ name: String, _ port: Int, type: Int32, flags: Int32) -> Found {
        var hints = addrinfo()
        hints.ai_flags = flags | AI_NUMERICSERV
        hints.ai_socktype = type
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, String(port), &hints, &list)
        guard status == 0 else {
            return .failure(TransportError(.unreachable, "\(name): \(String(cString: gai_strerror(status)))"))
        }
        defer { freeaddrinfo(list) }
        let all = sequence(first: list, next: { $0?.pointee.ai_next }).prefix { $0 != nil }
        return .success(
            all.compactMap { entry in
                guard let entry = entry?.pointee, let address = entry.ai_addr else { return nil }
                let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))
                return SocketAddress(family: entry.ai_family, bytes: Array(bytes))
            })
    }

    private final class Answer: Sendable {
        let result = Mutex<Found?>(nil)
        let done: ThreadEvent

        init() throws(TransportError) { done = try ThreadEvent() }
    }

    /// Asking a name server knows no deadline, so a thread does it on which nobody waits for longer.
    private static func lookUpAside(
        _ name: String, _ port: Int, type: Int32, stop: Interruption, deadline: Deadline
    ) throws(TransportError) -> Found {
        let answer = try Answer()
        do {
            _ = try NativeThread.start(name: "name lookup", monitor: nil) {
                let found = lookUp(name, port, type: type, flags: 0)
                answer.result.withLock { $0 = found }
                answer.done.signal()
            }
        } catch {
            return lookUp(name, port, type: type, flags: 0)
        }
        let events = [answer.done.descriptor, try stop.descriptor()].map { (descriptor: $0, events: Int16(POLLIN)) }
        if Poll.wait(events, until: deadline)[1] != 0 {
            return .failure(TransportError(.interrupted, "\(name): interrupted", errorNumber: ECANCELED))
        }
        guard let found = answer.result.withLock({ $0 }) else {
            return .failure(TransportError(.timeout, "\(name): the name was not found in time", errorNumber: ETIMEDOUT))
        }
        return found
    }
}

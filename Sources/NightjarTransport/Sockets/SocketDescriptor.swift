internal import Glibc
internal import NightjarConcurrency

/// An open, non-blocking socket that closes itself when it is let go of. Every wait has a deadline, and ends early when `stop` happens.
/// Used by one thread at a time.
final class SocketDescriptor {
    let number: Int32
    private let stop: Interruption
    private let name: String

    /// - Parameter type: `SOCK_STREAM` or `SOCK_DGRAM`.
    init(_ type: Int32, family: Int32, name: String, stop: Interruption) throws(TransportError) {
        let number = socket(family, type | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard number >= 0 else { throw Self.failure(errno, name) }
        self.number = number
        self.stop = stop
        self.name = name
        if type == SOCK_STREAM.rawValue, family != AF_UNIX { prepareTCP() }
    }

    /// Small frames leave at once, and a machine that has vanished is noticed after half a minute instead of a quarter of an hour.
    private func prepareTCP() {
        var yes: Int32 = 1, milliseconds: UInt32 = 30_000
        setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(number, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<UInt32>.size))
    }

    deinit { Glibc.close(number) }

    /// Connected to the first of the addresses that takes the connection.
    static func connected(
        to endpoint: Endpoint, _ type: Int32, stop: Interruption, deadline: Deadline
    ) throws(TransportError) -> SocketDescriptor {
        var last: TransportError?
        for address in try SocketAddress.find(endpoint, type: type, stop: stop, deadline: deadline) {
            do throws(TransportError) {
                let made = try SocketDescriptor(type, family: address.family, name: "\(endpoint)", stop: stop)
                try made.connect(to: address, deadline: deadline)
                return made
            } catch {
                if error.kind == .timeout || error.kind == .interrupted { throw error }
                last = error
            }
        }
        throw last ?? TransportError(.unreachable, "\(endpoint): no address")
    }

    func connect(to address: SocketAddress, deadline: Deadline) throws(TransportError) {
        while true {
            let status = address.withPointer { Glibc.connect(number, $0, $1) }
            if status == 0 { return }
            switch errno {
            case EINTR: continue
            case EINPROGRESS: return try finishConnecting(deadline)
            // A socket of the file system whose queue of connections is full has nothing to be polled for.
            case EAGAIN:
                let stopped = Poll.wait(
                    [(try stop.descriptor(), Int16(POLLIN))], until: min(deadline, Deadline(after: 0.02)))
                if stopped[0] != 0 { throw interrupted }
                if deadline.hasPassed { throw timeout("connect") }
            default: throw Self.failure(errno, name)
            }
        }
    }

    private func finishConnecting(_ deadline: Deadline) throws(TransportError) {
        try waitUntilWritable("connect", deadline)
        let number = pendingError
        if number != 0 { throw Self.failure(number, name) }
    }

    private var pendingError: Int32 {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(number, SOL_SOCKET, SO_ERROR, &value, &size)
        return value
    }

    // MARK: Sending

    /// Hands the bytes from `start` on to the system.
    /// - Returns: how many it took, at least one.
    func send(_ bytes: [UInt8], from start: Int, deadline: Deadline) throws(TransportError) -> Int {
        while true {
            let count = bytes.withUnsafeBytes { all in
                Glibc.send(number, all.baseAddress! + start, all.count - start, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 { return count }
            try recover(errno, deadline)
        }
    }

    /// Sends one datagram, to the socket's peer or to an address.
    func send(datagram bytes: [UInt8], to address: SocketAddress? = nil, deadline: Deadline) throws(TransportError) {
        while true {
            let flags = Int32(MSG_NOSIGNAL)
            let count = bytes.withUnsafeBytes { all in
                address?.withPointer { sendto(number, all.baseAddress, all.count, flags, $0, $1) }
                    ?? Glibc.send(number, all.baseAddress, all.count, flags)
            }
            if count >= 0 { return }
            try recover(errno, deadline)
        }
    }

    private func recover(_ error: Int32, _ deadline: Deadline) throws(TransportError) {
        if error == EINTR { return }
        guard error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS else { throw Self.failure(error, name) }
        try waitUntilWritable("send", deadline)
    }

    private func waitUntilWritable(_ action: String, _ deadline: Deadline) throws(TransportError) {
        let ready = Poll.wait([(number, Int16(POLLOUT)), (try stop.descriptor(), Int16(POLLIN))], until: deadline)
        if ready[1] != 0 { throw interrupted }
        if ready[0] == 0 { throw timeout(action) }
    }

    // MARK: The other side

    /// Waits until the other side has ended the connection or said something, or the deadline has passed.
    func waitForPeer(until deadline: Deadline) throws(TransportError) {
        let ready = Poll.wait([(number, Int16(POLLIN)), (try stop.descriptor(), Int16(POLLIN))], until: deadline)
        if ready[1] != 0 { throw interrupted }
    }

    /// Whether the other side has ended the connection. What it may have said is dropped: receivers of logs have nothing to say.
    var hasEnded: Bool {
        var room = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(number, &room, room.count, Int32(MSG_DONTWAIT))
            if count == 0 { return true }
            if count < 0 && errno != EINTR { return errno != EAGAIN && errno != EWOULDBLOCK }
        }
    }

    /// How many of the bytes sent the other side's system has not confirmed yet; also known after the connection broke. Only for TCP.
    var unconfirmed: Int {
        var count: Int32 = 0
        // SIOCOUTQ
        return ioctl(number, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : 0
    }

    // MARK: Errors

    private var interrupted: TransportError {
        TransportError(.interrupted, "\(name): interrupted", errorNumber: ECANCELED)
    }

    private func timeout(_ action: String) -> TransportError {
        TransportError(.timeout, "\(name): \(action) timed out", errorNumber: ETIMEDOUT)
    }

    private static func failure(_ number: Int32, _ name: String) -> TransportError {
        let message = "[Errno \(number)] \(String(cString: strerror(number))): \(name)"
        switch number {
        case EPIPE, ECONNRESET, ECONNABORTED, ENOTCONN, ESHUTDOWN:
            return TransportError(.broken, message, errorNumber: number)
        case EMSGSIZE: return TransportError(.invalid, message, errorNumber: number)
        case ETIMEDOUT: return TransportError(.timeout, message, errorNumber: number)
        default: return TransportError(.unreachable, message, errorNumber: number)
        }
    }
}

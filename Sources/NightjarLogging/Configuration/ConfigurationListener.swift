internal import Glibc
internal import Synchronization

/// Takes configurations from a TCP socket (Python's `logging.config.listen`): four bytes with the length, high byte first, then JSON in the
/// schema of `dictConfig`. Thread-safe.
///
/// Whoever can connect can change where the log goes: it listens on the loopback interface alone unless told otherwise. What is refused
/// changes nothing and is told on standard error.
public final class ConfigurationListener: Sendable {
    /// Looks at what was received and gives what is to be applied; nil refuses it.
    public typealias Verify = @Sendable ([UInt8]) throws -> [UInt8]?

    /// Python's port.
    public static let defaultPort = 9030
    /// More than this is no configuration.
    public static let largest = 16 << 20
    /// Seconds that a client may be silent.
    private static let patience = 10

    private let system: LoggingSystem
    private let verify: Verify?
    private let descriptor = Mutex<Int32>(-1)

    public init(_ system: LoggingSystem, verify: Verify? = nil) {
        self.system = system
        self.verify = verify
    }

    deinit { stop() }

    /// Opens the socket.
    /// - Parameter port: 0 has the system choose one.
    /// - Returns: the port.
    /// - Throws: `LoggingError` of kind `.operatingSystem`.
    public func open(port: Int, host: String = "127.0.0.1") throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw SystemCall.failure("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            close(socket)
            throw LoggingError(.value, "host: expected an IPv4 address, got \(PythonText.quoted(host))")
        }
        var reuse: Int32 = 1, size = socklen_t(MemoryLayout<sockaddr_in>.size)
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        let status = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, size) == 0 && listen(socket, 5) == 0 && getsockname(socket, address, &size) == 0
            }
        }
        guard status else {
            let error = SystemCall.failure("\(host):\(port)")
            close(socket)
            throw error
        }
        descriptor.withLock { $0 = socket }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Serves clients, one after the other, until `stop`.
    public func run() {
        let socket = descriptor.withLock { $0 }
        while descriptor.withLock({ $0 >= 0 }) {
            let client = accept(socket, nil, nil)
            if client < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                break
            }
            // Glibc's module has no `accept4`: a child that starts in between keeps the connection, not the log.
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            serve(client)
            close(client)
        }
    }

    /// Ends `run` after the client in hand. Harmless when repeated.
    public func stop() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            // Wakes the thread in `accept`.
            shutdown(descriptor, Int32(SHUT_RDWR))
            close(descriptor)
            descriptor = -1
        }
    }

    private func serve(_ client: Int32) {
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard let header = receive(client, 4) else { return }
        let length = header.reduce(0) { $0 << 8 | Int($1) }
        guard length <= Self.largest, let received = receive(client, length) else { return }
        do {
            guard let checked = try verify?(received) ?? (verify == nil ? received : nil) else { return }
            try system.dictConfig(json: checked)
        } catch {
            system.reporter.write("logging.config.listen: \(error)\n")
        }
    }

    private func receive(_ client: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count), filled = 0
        while filled < count {
            let read = bytes.withUnsafeMutableBytes { recv(client, $0.baseAddress! + filled, count - filled, 0) }
            if read < 0, errno == EINTR { continue }
            guard read > 0 else { return nil }
            filled += read
        }
        return bytes
    }
}

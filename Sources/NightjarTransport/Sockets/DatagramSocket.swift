internal import Glibc
internal import NightjarConcurrency
internal import Synchronization

/// Sends datagrams by UDP or to a Unix socket, one for each text. Thread-safe.
///
/// UDP tells nothing about arrival, not even that nobody listens. A Unix socket whose owner is gone is connected anew when
/// the next datagram is sent, and a full one is waited for.
public final class DatagramSocket: Sendable {
    public let endpoint: Endpoint
    private let timeout: Duration
    private let stop = Interruption()
    private let state = Mutex(State())

    private struct State {
        var socket: SocketDescriptor?
        /// For UDP, whose sockets stay unconnected so that an unreachable port is no error, as in Python.
        var address: SocketAddress?
    }

    /// - Parameter timeout: for each datagram.
    public init(to endpoint: Endpoint, timeout: Duration = .seconds(5)) {
        self.endpoint = endpoint
        self.timeout = timeout
    }

    public var isOpen: Bool { state.withLock { $0.socket != nil } }

    /// Finds the address and opens the socket, if there is none.
    public func open() throws(TransportError) {
        try state.withLock { state throws(TransportError) in try open(&state, Deadline(after: timeout)) }
    }

    /// - Throws: `TransportError`, of kind `.invalid` if the datagram is larger than the way to the receiver allows.
    public func send(_ datagram: [UInt8]) throws(TransportError) {
        try state.withLock { state throws(TransportError) in
            let deadline = Deadline(after: timeout)
            let wasOpen = state.socket != nil
            do throws(TransportError) {
                try send(datagram, &state, deadline)
            } catch {
                // The receiver may have been restarted since.
                guard wasOpen, error.kind == .broken || error.kind == .unreachable else { throw error }
                try send(datagram, &state, deadline)
            }
        }
    }

    private func send(_ datagram: [UInt8], _ state: inout State, _ deadline: Deadline) throws(TransportError) {
        try open(&state, deadline)
        do throws(TransportError) {
            try state.socket?.send(datagram: datagram, to: state.address, deadline: deadline)
        } catch {
            if error.kind != .invalid { state = State() }
            throw error
        }
    }

    private func open(_ state: inout State, _ deadline: Deadline) throws(TransportError) {
        if state.socket != nil { return }
        let type = Int32(SOCK_DGRAM.rawValue)
        guard case .host = endpoint else {
            state.socket = try SocketDescriptor.connected(to: endpoint, type, stop: stop, deadline: deadline)
            return
        }
        guard let address = try SocketAddress.find(endpoint, type: type, stop: stop, deadline: deadline).first else {
            throw TransportError(.unreachable, "\(endpoint): no address")
        }
        state.socket = try SocketDescriptor(type, family: address.family, name: "\(endpoint)", stop: stop)
        state.address = address
    }

    /// Closes the socket, and interrupts a call that is under way on another thread. A later call opens another.
    public func close() {
        if state.withLockIfAvailable({ $0 = State() }) != nil { return }
        interrupt()
        state.withLock { $0 = State() }
        resume()
    }

    /// Ends the waits of all calls, those that come later too, until `resume`. From any thread.
    public func interrupt() { stop.interrupt() }
    public func resume() { stop.resume() }
}

internal import NightjarConcurrency
internal import Synchronization
internal import Glibc

/// A connection by TCP or a Unix socket that is made when it is needed, and made anew when the other side goes away and comes back.
///
/// Over TCP a frame is kept until the other side's system has confirmed it, and goes out again on the next connection if that never
/// happens: a receiver that is restarted misses nothing that was sent while it was away, and gets nothing twice. What it had taken
/// but not read when it died is lost; TCP cannot tell. Thread-safe; calls are served one at a time.
public final class StreamConnection: Sendable {
    public let endpoint: Endpoint
    private let timeout: Duration
    private let stop = Interruption()
    private let state = Mutex(FrameStream())

    /// - Parameter timeout: for each call, connecting included.
    public init(to endpoint: Endpoint, timeout: Duration = .seconds(5)) {
        self.endpoint = endpoint
        self.timeout = timeout
    }

    /// Whether there is a connection that was not broken when it was used last.
    public var isConnected: Bool { state.withLock { $0.socket != nil } }

    /// How many frames may not have arrived yet.
    public var unconfirmed: Int { state.withLock { $0.unconfirmed } }

    /// Makes the connection, if there is none.
    public func connect() throws(TransportError) {
        try state.withLock { state throws(TransportError) in try connect(&state, Deadline(after: timeout)) }
    }

    /// Sends frames in order.
    /// - Parameter delivered: how many from the start have left for good; the others are the caller's to send again.
    /// - Throws: `TransportError`; the connection is closed then, since a frame may have left in part.
    public func send(_ frames: [[UInt8]], delivered: inout Int) throws(TransportError) {
        var count = 0
        defer { delivered = count }
        try state.withLock { state throws(TransportError) in
            let deadline = Deadline(after: timeout)
            let wasOpen = state.socket != nil
            do throws(TransportError) {
                try send(frames, from: &count, &state, deadline)
            } catch {
                // A connection that has died in silence says so when it is used.
                guard wasOpen, error.kind == .broken else { throw error }
                try send(frames, from: &count, &state, deadline)
            }
        }
    }

    private func send(
        _ frames: [[UInt8]], from count: inout Int, _ state: inout FrameStream, _ deadline: Deadline
    ) throws(TransportError) {
        if state.socket?.hasEnded == true { state.disconnect() }
        try connect(&state, deadline)
        let mine = state.beginCall()
        do throws(TransportError) {
            try state.write(frames[count...], call: mine, written: &count, deadline)
            state.confirm()
        } catch {
            count -= state.takeBack(call: mine)
            state.disconnect()
            throw error
        }
    }

    private func connect(_ state: inout FrameStream, _ deadline: Deadline) throws(TransportError) {
        if state.socket != nil { return }
        state.socket = try SocketDescriptor.connected(
            to: endpoint, Int32(SOCK_STREAM.rawValue), stop: stop, deadline: deadline)
        if case .host = endpoint { state.isConfirmed = true }
        do throws(TransportError) { try state.writeBacklog(deadline) } catch {
            state.disconnect()
            throw error
        }
    }

    // MARK: Ends

    /// Waits until all that was sent is confirmed, on another connection if this one breaks.
    /// - Throws: `TransportError` when the time is over; what is not confirmed is kept for the next call.
    public func flush() throws(TransportError) {
        try state.withLock { state throws(TransportError) in
            let deadline = Deadline(after: timeout)
            while state.unconfirmed > 0 {
                if state.socket?.hasEnded == true { state.disconnect() }
                try connect(&state, deadline)
                if deadline.hasPassed {
                    throw TransportError(
                        .timeout, "\(endpoint): what was sent was not confirmed in time", errorNumber: ETIMEDOUT)
                }
                // Nothing tells of a confirmation, so it is asked for; they come within milliseconds.
                try state.socket?.waitForPeer(until: min(deadline, Deadline(after: 0.005)))
            }
        }
    }

    /// Flushes, and closes the connection; a call that is under way on another thread is interrupted instead. A later call opens another.
    /// - Throws: as `flush`; what was not confirmed is given up then.
    public func close() throws(TransportError) {
        let isFree = state.withLockIfAvailable { _ in true } ?? false
        defer {
            if !isFree { interrupt() }
            state.withLock { $0 = FrameStream() }
            if !isFree { resume() }
        }
        if isFree { try flush() }
    }

    /// Ends the waits of all calls, those that come later too, until `resume`. From any thread.
    public func interrupt() { stop.interrupt() }
    public func resume() { stop.resume() }
}

/// What went into a connection and may have to go into another.
private struct FrameStream {
    var socket: SocketDescriptor?
    /// Whether the system knows what the other side has confirmed.
    var isConfirmed = false
    /// Written into the open connection and not known to be confirmed, oldest first.
    private var inFlight: [Frame] = []
    /// To be written first into the next connection.
    private var backlog: [[UInt8]] = []
    /// How many bytes went into the open connection.
    private var sent = 0
    private var calls = 0

    private struct Frame {
        let bytes: [UInt8]
        /// Where it ends in the connection's stream.
        let end: Int
        let call: Int
    }

    mutating func beginCall() -> Int {
        calls += 1
        return calls
    }

    /// Writes frames, small ones together.
    /// - Parameter written: grows by one for each frame that has left whole.
    mutating func write(
        _ frames: ArraySlice<[UInt8]>, call: Int, written: inout Int, _ deadline: Deadline
    ) throws(TransportError) {
        var rest = frames
        while !rest.isEmpty {
            var bytes: [UInt8] = []
            for frame in rest {
                bytes.append(contentsOf: frame)
                if bytes.count >= Self.largestWrite { break }
            }
            try write(bytes, of: &rest, call: call, written: &written, deadline)
        }
    }

    /// More than this is not gathered for one system call.
    private static let largestWrite = 64 << 10

    /// Writes the bytes of the first frames of `rest`, and removes those.
    private mutating func write(
        _ bytes: [UInt8], of rest: inout ArraySlice<[UInt8]>, call: Int, written: inout Int, _ deadline: Deadline
    ) throws(TransportError) {
        guard let socket else { throw TransportError(.broken, "not connected") }
        let before = sent
        var end = before
        repeat {
            if sent - before < bytes.count { sent += try socket.send(bytes, from: sent - before, deadline: deadline) }
            while let frame = rest.first, end + frame.count <= sent, end - before + frame.count <= bytes.count {
                end += frame.count
                rest.removeFirst()
                written += 1
                if isConfirmed { inFlight.append(Frame(bytes: frame, end: end, call: call)) }
            }
        } while sent - before < bytes.count
    }

    mutating func writeBacklog(_ deadline: Deadline) throws(TransportError) {
        var written = 0
        defer { backlog.removeFirst(written) }
        try write(backlog[...], call: 0, written: &written, deadline)
    }

    /// Lets go of what the other side has.
    mutating func confirm() {
        guard isConfirmed, let socket, !inFlight.isEmpty else { return }
        let arrived = sent - socket.unconfirmed
        inFlight.removeFirst(inFlight.prefix { $0.end <= arrived }.count)
    }

    var unconfirmed: Int {
        mutating get {
            confirm()
            return inFlight.count + backlog.count
        }
    }

    /// Removes what a call has written and what is not confirmed.
    /// - Returns: how many frames.
    mutating func takeBack(call: Int) -> Int {
        confirm()
        let count = inFlight.count
        inFlight.removeAll { $0.call == call }
        return count - inFlight.count
    }

    mutating func disconnect() {
        confirm()
        backlog.insert(contentsOf: inFlight.map(\.bytes), at: 0)
        inFlight = []
        sent = 0
        socket = nil
    }
}

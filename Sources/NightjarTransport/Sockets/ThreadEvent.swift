internal import Glibc
internal import NightjarConcurrency
internal import Synchronization

/// Happens once. Who waits for it is not disturbed by what interrupts scripts: the wait has an end of its own. Thread-safe.
final class ThreadEvent: Sendable {
    /// Readable once the event has happened; it can be polled beside others.
    let descriptor: Int32
    private let other: Int32

    /// - Throws: `.unavailable` where the program has no descriptors left.
    init() throws(TransportError) {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, type, 0, &pair) == 0 else {
            let (number, problem) = (errno, String(cString: strerror(errno)))
            throw TransportError(.unavailable, "[Errno \(number)] \(problem)", errorNumber: number, isTemporary: true)
        }
        (descriptor, other) = (pair[0], pair[1])
    }

    deinit {
        close(descriptor)
        close(other)
    }

    func signal() {
        var byte: UInt8 = 0
        send(other, &byte, 1, Int32(MSG_NOSIGNAL))
    }

    func calm() {
        var room = [UInt8](repeating: 0, count: 64)
        while recv(descriptor, &room, room.count, 0) > 0 {}
    }
}

/// Ends waits from another thread, once it is asked to and until it is told that they may be long again. Takes descriptors only when
/// somebody waits. Thread-safe.
final class Interruption: Sendable {
    private struct State {
        var event: ThreadEvent?
        var isAsked = false
    }

    private let state = Mutex(State())

    func interrupt() {
        state.withLock {
            $0.isAsked = true
            $0.event?.signal()
        }
    }

    func resume() {
        state.withLock {
            $0.isAsked = false
            $0.event?.calm()
        }
    }

    /// What becomes readable when an interruption is asked for. Open as long as this object is there.
    func descriptor() throws(TransportError) -> Int32 {
        try state.withLock { state throws(TransportError) in
            if let event = state.event { return event.descriptor }
            let event = try ThreadEvent()
            if state.isAsked { event.signal() }
            state.event = event
            return event.descriptor
        }
    }
}

enum Poll {
    /// Waits until one of the descriptors is ready, or the deadline has passed.
    /// - Returns: what is ready with each.
    static func wait(_ wanted: [(descriptor: Int32, events: Int16)], until deadline: Deadline) -> [Int16] {
        var requests = wanted.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
        while true {
            let left = deadline == .passed ? 0 : max(0, deadline.secondsLeft)
            let count = poll(&requests, nfds_t(requests.count), Int32(min(left * 1000, 3_600_000).rounded(.up)))
            // What is ready now counts although the time is over; an interruption by a signal does not.
            if count > 0 || (count == 0 && deadline.hasPassed) { return requests.map(\.revents) }
            if count < 0 && errno != EINTR && errno != EAGAIN { return requests.map { _ in Int16(POLLNVAL) } }
        }
    }
}

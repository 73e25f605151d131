internal import Glibc
internal import NightjarConcurrency

/// Happens once. Who waits for it is not disturbed by what interrupts scripts: the wait has an end of its own. Thread-safe.
final class ThreadEvent: Sendable {
    /// Readable once the event has happened; it can be polled beside others.
    let descriptor: Int32
    private let other: Int32

    init() {
        var pair: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let status = socketpair(AF_UNIX, type, 0, &pair)
        precondition(status == 0, "NightjarTransport: no descriptors left for an event (errno \(errno))")
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

    var hasHappened: Bool { Poll.wait([(descriptor, Int16(POLLIN))], until: .passed)[0] != 0 }

    /// - Returns: false if the deadline passed first.
    func wait(until deadline: Deadline) -> Bool { Poll.wait([(descriptor, Int16(POLLIN))], until: deadline)[0] != 0 }
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

/// Waiters in the order of their arrival. Guarded by the lock of the primitive that owns it.
///
/// An intrusive list: entering and leaving cost no allocation, leaving from the middle (a time-out,
/// an interrupt) costs the same as leaving from the front.
@usableFromInline
struct WaitQueue {
    struct Links {
        var next: Waiter?
        // Unowned: the predecessor is alive as long as it is in the list, and leaves by `remove`.
        unowned(unsafe) var previous: Waiter?
        var isQueued = false
    }

    // First in memory: what is looked at under every lock should lie near it.
    @usableFromInline private(set) var count = 0
    private var first: Waiter?
    // Unowned: the last waiter is held by its predecessor or by `first`.
    private unowned(unsafe) var last: Waiter?

    @usableFromInline init() {}

    @inlinable var isEmpty: Bool { count == 0 }

    func isFirst(_ waiter: Waiter) -> Bool { first === waiter }

    mutating func append(_ waiter: Waiter) {
        waiter.links = Links(next: nil, previous: last, isQueued: true)
        if let last { last.links.next = waiter } else { first = waiter }
        last = waiter
        count += 1
    }

    mutating func prepend(_ waiter: Waiter) {
        waiter.links = Links(next: first, previous: nil, isQueued: true)
        if let first { first.links.previous = waiter } else { last = waiter }
        first = waiter
        count += 1
    }

    mutating func popFirst() -> Waiter? {
        guard let waiter = first else { return nil }
        remove(waiter)
        return waiter
    }

    /// - Returns: false if the waiter is in no queue.
    @discardableResult
    mutating func remove(_ waiter: Waiter) -> Bool {
        let links = waiter.links
        guard links.isQueued else { return false }
        waiter.links = Links()
        if let next = links.next { next.links.previous = links.previous } else { last = links.previous }
        if let previous = links.previous { previous.links.next = links.next } else { first = links.next }
        count -= 1
        return true
    }

    /// Grants to the first in line.
    /// - Returns: nobody, if the queue is empty.
    mutating func grantFirst(_ code: Int = 0) -> WakeList {
        var list = WakeList()
        if let waiter = popFirst() { list.grant(waiter, code) }
        return list
    }

    mutating func grantAll(_ code: Int = 0) -> WakeList {
        var list = WakeList()
        while let waiter = popFirst() { list.grant(waiter, code) }
        return list
    }
}

/// Waiters that were granted something under a lock and have to be woken after it is released.
@usableFromInline
struct WakeList {
    private var first: Waiter?
    private var others: [Waiter] = []

    @usableFromInline init() {}

    mutating func grant(_ waiter: Waiter, _ code: Int = 0) {
        guard waiter.grant(code) else { return }
        if first == nil { first = waiter } else { others.append(waiter) }
    }

    mutating func add(_ list: consuming WakeList) {
        if let waiter = list.first {
            if first == nil { first = waiter } else { others.append(waiter) }
        }
        others += list.others
    }

    @usableFromInline
    consuming func wakeAll() {
        first?.wake()
        for waiter in others { waiter.wake() }
    }
}

/// A line of items in a ring of memory that grows as needed.
///
/// In place of swift-collections' `Deque`, which is as fast in one thread: here the ends of the line are no further from the lock of
/// the queue than a cache line, there is no reference count, and memory that a burst of items took goes back when the line is empty.
@usableFromInline
struct RingBuffer<Element>: ~Copyable {
    @usableFromInline private(set) var items: UnsafeMutablePointer<Element>
    /// The capacity, a power of two, less one.
    @usableFromInline private(set) var mask: Int
    @usableFromInline private(set) var head = 0
    @usableFromInline private(set) var count = 0

    @usableFromInline static var smallest: Int { 16 }
    /// Up to this capacity an empty line keeps its memory.
    @usableFromInline static var kept: Int { 4096 }

    @usableFromInline
    init() {
        items = .allocate(capacity: Self.smallest)
        mask = Self.smallest - 1
    }

    // Inlinable, because the compiler (6.3) fails on one that is not in the setters of what holds it.
    @inlinable
    deinit {
        // The two parts of the line, see `moveItems`.
        let untilWrap = min(count, mask + 1 - head)
        (items + head).deinitialize(count: untilWrap)
        items.deinitialize(count: count - untilWrap)
        items.deallocate()
    }

    @inlinable @inline(__always)
    mutating func append(_ element: consuming Element) {
        if count > mask { grow() }
        (items + ((head &+ count) & mask)).initialize(to: element)
        count &+= 1
    }

    /// - Precondition: not empty.
    @inlinable @inline(__always)
    mutating func removeFirst() -> Element {
        let element = (items + head).move()
        head = (head &+ 1) & mask
        count &-= 1
        if count == 0, mask >= Self.kept { shrink() }
        return element
    }

    /// - Precondition: not empty.
    @inlinable @inline(__always)
    mutating func removeLast() -> Element {
        count &-= 1
        let element = (items + ((head &+ count) & mask)).move()
        if count == 0, mask >= Self.kept { shrink() }
        return element
    }

    mutating func removeAll() -> [Element] {
        let removed = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = buffer.baseAddress { moveItems(to: start) }
            initialized = count
        }
        count = 0
        if mask >= Self.kept { shrink() }
        return removed
    }

    @usableFromInline @inline(never)
    mutating func grow() {
        let capacity = 2 * (mask + 1)
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        moveItems(to: larger)
        replaceItems(by: larger, capacity)
    }

    /// - Precondition: empty.
    @usableFromInline @inline(never)
    mutating func shrink() {
        replaceItems(by: .allocate(capacity: Self.smallest), Self.smallest)
    }

    private mutating func replaceItems(by memory: UnsafeMutablePointer<Element>, _ capacity: Int) {
        items.deallocate()
        items = memory
        mask = capacity - 1
        head = 0
    }

    private func moveItems(to memory: UnsafeMutablePointer<Element>) {
        let untilWrap = min(count, mask + 1 - head)
        memory.moveInitialize(from: items + head, count: untilWrap)
        (memory + untilWrap).moveInitialize(from: items, count: count - untilWrap)
    }
}

/// A value that is only touched under a `ShortLock`.
///
/// The value lives behind a pointer, so that access costs no dynamic exclusivity check; the lock
/// is what makes access exclusive.
// Sendable although it holds a pointer: every access to the pointee is made with the lock held.
@usableFromInline
struct Guarded<Value>: ~Copyable, @unchecked Sendable {
    @usableFromInline let lock = ShortLock()
    @usableFromInline let value: UnsafeMutablePointer<Value>

    @usableFromInline
    init(_ initial: consuming sending Value) {
        value = .allocate(capacity: 1)
        value.initialize(to: initial)
    }

    deinit {
        value.deinitialize(count: 1)
        value.deallocate()
    }

    @inlinable @inline(__always)
    func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value.pointee)
    }
}

internal import Synchronization

/// The name that a thread has in records. Other threads may change it while the thread logs.
public final class ThreadName: Sendable {
    struct Text {
        let string: String
        let stable: StableText
    }

    /// The address of the name in force: looking at it takes no lock and counts no reference.
    private let current: Atomic<UInt>
    /// All names since the thread last gave itself one: it may be reading any of them.
    private let kept: Mutex<[UInt]>

    init(_ name: String) {
        let address = Self.make(name)
        current = Atomic(address)
        kept = Mutex([address])
    }

    deinit { kept.withLock { $0.forEach(Self.free) } }

    /// Names the thread, whichever thread calls.
    public func set(_ name: String) {
        let address = Self.make(name)
        kept.withLock {
            $0.append(address)
            current.store(address, ordering: .releasing)
        }
    }

    /// As `set`, for the thread itself, which reads no other name meanwhile.
    func setOwn(_ name: String) {
        let address = Self.make(name)
        kept.withLock {
            current.store(address, ordering: .releasing)
            $0.forEach(Self.free)
            $0 = [address]
        }
    }

    /// For the thread itself.
    var string: String { Self.pointer(current.load(ordering: .acquiring)).pointee.string }
    /// For the thread itself. Valid until that gives itself another name.
    @inline(__always)
    var utf8: UnsafeBufferPointer<UInt8> { Self.pointer(current.load(ordering: .acquiring)).pointee.stable.utf8 }

    private static func make(_ name: String) -> UInt {
        let text = UnsafeMutablePointer<Text>.allocate(capacity: 1)
        text.initialize(to: Text(string: name, stable: StableText(name)))
        return UInt(bitPattern: text)
    }

    private static func free(_ address: UInt) {
        let text = pointer(address)
        text.deinitialize(count: 1)
        text.deallocate()
    }

    @inline(__always)
    private static func pointer(_ address: UInt) -> UnsafeMutablePointer<Text> {
        // Every address here is one that `make` gave.
        UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
    }
}

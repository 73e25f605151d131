import Glibc

/// The encoded form of a message: bytes whose format belongs to whoever wrote them, and Swift objects that they refer to by position.
///
/// Immutable, and a reference. A short one is one block of memory with all that it holds.
// Unchecked because ManagedBuffer is never Sendable: the bytes and the header are written before the value is given out,
// and never afterwards.
public struct EncodedMessage: @unchecked Sendable {
    @usableFromInline let storage: Storage

    @usableFromInline
    struct Header {
        @usableFromInline let count: Int
        /// Where the bytes are, if not behind the header.
        @usableFromInline let block: UnsafeMutableRawPointer?
        @usableFromInline let objects: [any AnyObject & Sendable]

        @usableFromInline
        init(count: Int, block: UnsafeMutableRawPointer?, objects: [any AnyObject & Sendable]) {
            self.count = count
            self.block = block
            self.objects = objects
        }
    }

    @usableFromInline
    final class Storage: ManagedBuffer<Header, UInt8> {
        deinit { withUnsafeMutablePointerToHeader { free($0.pointee.block) } }
    }

    /// `count` bytes that `write` writes, all of them.
    @inlinable
    public init(
        count: Int, objects: [any AnyObject & Sendable] = [], _ write: (UnsafeMutableRawPointer) -> Void
    ) {
        let made = Storage.create(minimumCapacity: count) { _ in Header(count: count, block: nil, objects: objects) }
        storage = unsafeDowncast(made, to: Storage.self)
        storage.withUnsafeMutablePointerToElements { write(UnsafeMutableRawPointer($0)) }
    }

    /// A copy of `bytes`.
    @inlinable
    public init(copying bytes: UnsafeRawBufferPointer, objects: [any AnyObject & Sendable] = []) {
        self.init(count: bytes.count, objects: objects) { place in
            if let start = bytes.baseAddress { place.copyMemory(from: start, byteCount: bytes.count) }
        }
    }

    /// Takes over `block` of `malloc`'s, of which `count` bytes are used: a large one is not copied.
    public init(taking block: UnsafeMutableRawPointer, count: Int, objects: [any AnyObject & Sendable] = []) {
        let made = Storage.create(minimumCapacity: 0) { _ in Header(count: count, block: block, objects: objects) }
        storage = unsafeDowncast(made, to: Storage.self)
    }

    public var count: Int { storage.withUnsafeMutablePointerToHeader { $0.pointee.count } }

    public var objects: [any AnyObject & Sendable] { storage.withUnsafeMutablePointerToHeader { $0.pointee.objects } }

    /// Calls `body` with the bytes, which are valid until it returns.
    @inlinable
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withUnsafeMutablePointers { (header, elements) throws(Failure) in
            let start = header.pointee.block ?? UnsafeMutableRawPointer(elements)
            return try body(UnsafeRawBufferPointer(start: start, count: header.pointee.count))
        }
    }
}

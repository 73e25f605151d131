/// The UTF-8 of a name, at an address that stays for as long as the object is there: lines are put together from such bytes without counting
/// references to strings.
final class StableText: Sendable {
    // Written before anybody else sees it, never changed, and given back by `deinit`.
    nonisolated(unsafe) let utf8: UnsafeBufferPointer<UInt8>

    init(_ text: String) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(from: text.utf8)
        utf8 = UnsafeBufferPointer(bytes)
    }

    deinit { utf8.deallocate() }
}

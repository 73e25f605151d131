/// What crosses from one interpreter to another: the only thing that does.
///
/// A scalar travels inline and allocates nothing. Everything else is a compact byte encoding, written and read outside any lock, with
/// the Swift objects that it refers to retained beside it.
public struct Message: Sendable {
    public enum Content: Sendable {
        case `nil`
        case boolean(Bool)
        case integer(Int64)
        case number(Double)
        case encoded(EncodedMessage)
    }

    public let content: Content

    @inlinable
    public init(_ content: Content) { self.content = content }
}

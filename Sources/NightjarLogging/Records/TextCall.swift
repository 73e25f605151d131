/// A call that is a text and no more, to whoever looks at nothing else; made without a record by `Logger.log(_:_:)`.
public protocol TextCall {
    /// Hands the text's UTF-8 to `deliver` and returns true, or returns false where the text cannot be had this way.
    func withText(_ deliver: (UnsafeBufferPointer<UInt8>) -> Void) -> Bool
    /// Adds what else there is to the call, for the report of a handler's failure.
    func addDetails(to content: inout RecordContent)
}

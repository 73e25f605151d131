import NightjarConcurrency

extension Message {
    /// The message of one string.
    static func text(_ text: String) -> Message {
        var text = text
        return Message(.encoded(text.withUTF8 { MessageWriter.message(of: UnsafeRawBufferPointer($0)) }))
    }
}

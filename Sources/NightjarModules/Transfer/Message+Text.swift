import NightjarConcurrency

extension Message {
    /// The message of one string.
    static func text(_ text: String) -> Message {
        var writer = MessageWriter()
        writer.write(count: 0)
        writer.write(.longString)
        writer.write(string: text)
        return Message(.encoded(EncodedMessage(bytes: writer.bytes, objects: [])))
    }
}

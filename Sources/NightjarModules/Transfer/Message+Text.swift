import NightjarConcurrency

extension Message {
    /// The message of one string.
    static func text(_ text: String) -> Message {
        var text = text
        return text.withUTF8 { bytes in
            withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { scratch in
                var writer = MessageWriter(scratch)
                defer { writer.release() }
                writer.write(byte: 0)
                writer.write(string: UnsafeRawBufferPointer(bytes))
                return Message(.encoded(writer.message([])))
            }
        }
    }
}

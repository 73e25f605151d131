/// What the lines of most files show of a record, read where it is: enough to make such a line without making the record.
///
/// Nothing but addresses of UTF-8, which are valid for as long as the line is being handled.
struct RecordLine {
    let message: UnsafeBufferPointer<UInt8>
    let level: Level
    let levelName: UnsafeBufferPointer<UInt8>
    /// Of the logger.
    let name: UnsafeBufferPointer<UInt8>
    var threadName: UnsafeBufferPointer<UInt8>
    let createdNanoseconds: Int64
}

extension LogRecord {
    /// Calls `body` with what lines show of the record.
    func withLine(_ body: (RecordLine) -> Void) {
        var (message, levelName, name, threadName) = (message, levelName, name, threadName)
        message.withUTF8 { message in
            levelName.withUTF8 { levelName in
                name.withUTF8 { name in
                    threadName.withUTF8 { threadName in
                        body(
                            RecordLine(
                                message: message, level: level, levelName: levelName, name: name,
                                threadName: threadName, createdNanoseconds: createdNanoseconds))
                    }
                }
            }
        }
    }
}

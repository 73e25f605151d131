/// What the lines of most files show of a record, read where it is: enough to make such a line without making the record.
/// Passed by its address, because closures copy what they capture.
struct RecordLine {
    /// Valid for as long as the line is being handled.
    let message: UnsafeBufferPointer<UInt8>
    let level: Level
    let levelName: String
    /// Of the logger.
    let name: String
    let threadName: String
    let funcName: String
    let createdNanoseconds: Int64
}

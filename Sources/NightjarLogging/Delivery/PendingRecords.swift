/// The records that wait in a delivery, or that are on their way out of it: as one text, or each by itself.
struct PendingRecords {
    let isText: Bool
    var texts = TextBatch()
    private(set) var records: [PreparedRecord] = []
    /// Records before this one are done with.
    private var first = 0

    init(isText: Bool) { self.isText = isText }

    var count: Int { isText ? texts.count : records.count - first }
    var isEmpty: Bool { count == 0 }

    /// Those that are still to be delivered.
    var remaining: [PreparedRecord] { first == 0 ? records : Array(records[first...]) }

    mutating func append(_ text: [UInt8], _ level: Level) { texts.append(text, level) }
    mutating func append(_ record: PreparedRecord) { records.append(record) }

    /// Puts records in front of those that wait.
    mutating func prepend(_ older: [PreparedRecord]) {
        records.replaceSubrange(..<first, with: older)
        first = 0
    }

    mutating func removeFirst(_ count: Int = 1) {
        if isText {
            texts.removeFirst(count)
            texts.compact()
        } else {
            first += count
            guard first > 64, first > records.count / 2 else { return }
            records.removeFirst(first)
            first = 0
        }
    }

    mutating func removeAll() {
        texts.removeAll()
        records.removeAll(keepingCapacity: true)
        first = 0
    }

    /// Moves records to `other`, which is empty: all texts, or at most `limit` records.
    mutating func move(atMost limit: Int, to other: inout PendingRecords) {
        if isText || count <= limit { return swap(&self, &other) }
        other.records.append(contentsOf: records[first..<first + limit])
        removeFirst(limit)
    }
}

/// The texts of several records, end to end, each with its line end.
public struct TextBatch: Sendable {
    /// Everything, those before `first` included.
    private(set) var bytes: [UInt8] = []
    /// Where in `bytes` each record ends.
    private(set) var ends: [Int] = []
    /// Records before this one are done with.
    private(set) var first = 0
    /// That of the most severe record.
    public private(set) var highestLevel = Level(.min)

    public var count: Int { ends.count - first }
    var start: Int { first == 0 ? 0 : ends[first - 1] }

    /// The bytes of all records that are still to be delivered.
    public var remaining: [UInt8] { first == 0 ? bytes : Array(bytes[start...]) }

    /// How many bytes each record has of those that are still to be delivered.
    var sizes: [Int] { (first..<ends.count).map { $0 == 0 ? ends[0] : ends[$0] - ends[$0 - 1] } }

    /// The bytes of record `index` of those that are still to be delivered.
    func text(_ index: Int) -> ArraySlice<UInt8> {
        let place = first + index
        return bytes[(place == 0 ? 0 : ends[place - 1])..<ends[place]]
    }

    mutating func append(_ text: [UInt8], _ level: Level) {
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        if level > highestLevel { highestLevel = level }
    }

    mutating func removeFirst(_ count: Int) { first += count }

    /// Forgets everything and keeps the memory, unless that has become large.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.largestKept)
        ends.removeAll(keepingCapacity: true)
        first = 0
        highestLevel = Level(.min)
    }

    /// Gives back the memory of records that are done with, once they are most of it.
    mutating func compact() {
        guard first > 64, first > ends.count / 2 else { return }
        let gone = start
        bytes.removeFirst(gone)
        ends.removeFirst(first)
        for index in ends.indices { ends[index] -= gone }
        first = 0
    }

    /// How many whole records so many of the remaining bytes are.
    func records(in written: Int) -> Int {
        let end = start + written
        return ends[first...].prefix { $0 <= end }.count
    }

    private static let largestKept = 4 << 20
}

/// A handler that looks at nothing but the text of records, and takes the texts of many as cheaply as one.
public protocol TextHandler: Handler {
    /// Appends what follows a record's text. Called on the thread that logs, without the lock.
    func endText(_ text: inout [UInt8])
    /// Delivers the texts. Called under `core.lock`.
    /// - Throws: `DeliveryFailure`, or a `LoggingError` with the number of bytes that were written; after any other error all
    ///   count as not delivered.
    func emit(texts: borrowing TextBatch) throws
}

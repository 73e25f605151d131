import Glibc

/// Two numbers by address, for what a message has met: a list while they are few, a hash table beyond.
struct PointerTable {
    struct Record {
        let pointer: UnsafeRawPointer
        var first: Int
        var second: Int
    }

    /// Up to so many are compared one by one.
    static let few = 16

    private var records: UnsafeMutablePointer<Record>
    private(set) var count = 0
    private var capacity: Int
    private var isBlock = false
    /// Positions in `records` from 1; 0 is a free place. Twice as many places as `records` has, a power of two.
    private var places: UnsafeMutablePointer<UInt32>?

    /// `scratch`, for ``few`` records, must outlive the table.
    init(_ scratch: UnsafeMutableRawPointer) {
        records = scratch.bindMemory(to: Record.self, capacity: PointerTable.few)
        capacity = PointerTable.few
    }

    init() {
        records = UnsafeMutablePointer.allocate(capacity: PointerTable.few)
        capacity = PointerTable.few
        isBlock = true
    }

    /// To be called once at the end.
    mutating func release() {
        if isBlock { records.deallocate() }
        places?.deallocate()
        isBlock = false
        places = nil
    }

    /// The record of `pointer`, valid until one is added.
    @inline(__always)
    func find(_ pointer: UnsafeRawPointer) -> UnsafeMutablePointer<Record>? {
        if places != nil { return search(pointer) }
        for position in 0..<count where records[position].pointer == pointer { return records + position }
        return nil
    }

    subscript(position: Int) -> UnsafeMutablePointer<Record> { records + position }

    /// The position of a record, which stays.
    func position(of record: UnsafeMutablePointer<Record>) -> Int { record - records }

    /// Adds a pointer that is not in the table.
    @inline(__always)
    mutating func add(_ pointer: UnsafeRawPointer, _ first: Int, _ second: Int) {
        if count == capacity { grow() }
        (records + count).initialize(to: Record(pointer: pointer, first: first, second: second))
        count += 1
        if places != nil { index(count - 1) }
    }

    private func search(_ pointer: UnsafeRawPointer) -> UnsafeMutablePointer<Record>? {
        guard let places else { return nil }
        var place = self.place(of: pointer)
        while places[place] != 0 {
            let record = records + Int(places[place] - 1)
            if record.pointee.pointer == pointer { return record }
            place = (place + 1) & (capacity * 2 - 1)
        }
        return nil
    }

    private func place(of pointer: UnsafeRawPointer) -> Int {
        // The upper bits of the product depend on all bits of the address.
        let product = UInt64(UInt(bitPattern: pointer)) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: product >> 32) & (capacity * 2 - 1)
    }

    private func index(_ position: Int) {
        guard let places else { return }
        var place = self.place(of: records[position].pointer)
        while places[place] != 0 { place = (place + 1) & (capacity * 2 - 1) }
        places[place] = UInt32(truncatingIfNeeded: position + 1)
    }

    @inline(never)
    private mutating func grow() {
        precondition(capacity < 1 << 30, "a message with too many tables")
        let larger = UnsafeMutablePointer<Record>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: records, count: count)
        if isBlock { records.deallocate() }
        records = larger
        isBlock = true
        capacity *= 2
        places?.deallocate()
        let fresh = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
        fresh.initialize(repeating: 0, count: capacity * 2)
        places = fresh
        for position in 0..<count { index(position) }
    }
}

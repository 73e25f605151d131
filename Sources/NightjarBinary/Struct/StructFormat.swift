/// A compiled format of Python's `struct` module: parsed once, then packs and unpacks records.
///
/// A value of this type never changes, so any number of threads may use it.
///
/// Source: https://docs.python.org/3.14/library/struct.html
public struct StructFormat: Sendable, Equatable {
    /// The format string this was made from.
    public let format: String
    /// The size of a record in bytes, as `calcsize` gives it.
    public let size: Int
    /// How many values a record has.
    public let itemCount: Int
    /// The runs of items in their order; padding has no field.
    public let fields: [StructField]

    /// Compiles a format: an optional byte order (`@ = < > !`), then codes with optional repeat counts.
    ///
    /// Throws `bad char in struct format`, `repeat count given without format specifier`
    /// or `total struct size too long`.
    public init(_ format: String) throws(StructError) {
        var parser = StructFormatParser(format)
        try parser.parse()
        self.format = format
        size = parser.size
        itemCount = parser.itemCount
        fields = parser.fields
    }
}

extension StructFormat {
    /// The largest record that `pack` makes: 2 GiB.
    public static let largestRecord = 1 << 31

    /// Packs `values` into a new record of `size` bytes.
    public func pack(_ values: [StructValue]) throws(StructError) -> [UInt8] {
        try checkItemCount(values.count)
        // An array of a size that cannot be had would end the process; a format is a script's to choose.
        guard size <= Self.largestRecord else {
            throw StructError("record of \(size) bytes is too large", kind: .memory)
        }
        var record = [UInt8](repeating: 0, count: size)
        let result: Result<Void, StructError> = record.withUnsafeMutableBytes { buffer in
            Result { () throws(StructError) in
                guard let base = buffer.baseAddress else { return }
                try pack(values, to: base)
            }
        }
        try result.get()
        return record
    }

    /// Throws the error of `pack` with a wrong number of values.
    public func checkItemCount(_ count: Int) throws(StructError) {
        guard count == itemCount else {
            throw StructError("pack expected \(itemCount) items for packing (got \(count))")
        }
    }

    /// Unpacks a buffer of exactly `size` bytes.
    public func unpack(_ buffer: [UInt8]) throws(StructError) -> [StructValue] {
        try checkBuffer(count: buffer.count)
        return buffer.withUnsafeBytes { values(at: $0.baseAddress) }
    }

    /// Unpacks a record that starts `offset` bytes into the buffer; a negative offset counts from its end.
    public func unpack(from buffer: [UInt8], offset: Int = 0) throws(StructError) -> [StructValue] {
        let start = try checkBuffer(count: buffer.count, offset: offset)
        return buffer.withUnsafeBytes { bytes in values(at: bytes.baseAddress.map { $0 + start }) }
    }

    /// Unpacks the records that follow each other in the buffer, one at each step (Python's `iter_unpack`).
    ///
    /// Throws at once if the format is empty or the buffer is not a multiple of `size`.
    public func iterUnpack(_ buffer: [UInt8]) throws(StructError) -> StructRecords {
        try checkIteration(count: buffer.count)
        return StructRecords(format: self, buffer: buffer)
    }

    private func pack(_ values: [StructValue], to base: UnsafeMutableRawPointer) throws(StructError) {
        var next = 0
        for field in fields {
            for item in 0..<field.count {
                try field.store(values[next], to: base + field.offset + item * field.size)
                next += 1
            }
        }
    }

    /// The values of the record at `base`. Only a format without any byte may have no address.
    func values(at base: UnsafeRawPointer?) -> [StructValue] {
        var result: [StructValue] = []
        // A hostile count such as 9999999999s needs its bytes first, so this cannot exceed the buffer by much.
        result.reserveCapacity(itemCount)
        for field in fields {
            for item in 0..<field.count {
                guard let base else {
                    result.append(.bytes([]))
                    continue
                }
                result.append(field.load(from: base + field.offset + item * field.size))
            }
        }
        return result
    }
}

// The checks are apart so that a caller with memory of its own can make them and then use the fields.
extension StructFormat {
    /// Throws the error of `unpack` unless a buffer of `count` bytes is one record.
    public func checkBuffer(count: Int) throws(StructError) {
        guard count == size else { throw StructError("unpack requires a buffer of \(size) bytes") }
    }

    /// Where the record starts in a buffer of `count` bytes, or the error of `unpack_from`.
    public func checkBuffer(count: Int, offset: Int) throws(StructError) -> Int {
        var start = offset
        if offset < 0 {
            if offset > -size { throw StructError("not enough data to unpack \(size) bytes at offset \(offset)") }
            let (sum, overflow) = offset.addingReportingOverflow(count)
            if overflow || sum < 0 {
                throw StructError("offset \(offset) out of range for \(count)-byte buffer")
            }
            start = sum
        }
        guard start <= count, count - start >= size else { throw tooShort(count: count, offset: start) }
        return start
    }

    /// Throws the error of `iter_unpack` unless a buffer of `count` bytes is whole records.
    public func checkIteration(count: Int) throws(StructError) {
        if size == 0 { throw StructError("cannot iteratively unpack with a struct of length 0") }
        if count % size != 0 {
            throw StructError("iterative unpacking requires a buffer of a multiple of \(size) bytes")
        }
    }

    private func tooShort(count: Int, offset: Int) -> StructError {
        let needed = UInt(bitPattern: offset) &+ UInt(bitPattern: size)
        return StructError(
            "unpack_from requires a buffer of at least \(needed) bytes for unpacking \(size) bytes "
                + "at offset \(offset) (actual buffer size is \(count))")
    }
}

/// The records of a buffer, unpacked one at a time.
public struct StructRecords: Sequence, IteratorProtocol, Sendable {
    let format: StructFormat
    let buffer: [UInt8]
    private var offset = 0

    init(format: StructFormat, buffer: [UInt8]) {
        self.format = format
        self.buffer = buffer
    }

    /// The next record's values, or nil at the end of the buffer.
    public mutating func next() -> [StructValue]? {
        guard offset < buffer.count else { return nil }
        let start = offset
        offset += format.size
        return buffer.withUnsafeBytes { bytes in format.values(at: bytes.baseAddress.map { $0 + start }) }
    }
}

/// A run of equal items in a compiled format: `3h` is one field with three items, `10s` one field with one item.
///
/// `offset` and `size` are bytes. Item `i` of the field lies at `offset + i * size`.
public struct StructField: Sendable, Equatable {
    /// What an item is, and so which `store` and `load` function handles it.
    public enum Kind: Sendable, Equatable {
        /// `b B h H i I l L q Q n N P`
        case integer
        /// `e f d`
        case floating
        /// `?`
        case bool
        /// `c`: exactly one byte.
        case char
        /// `s`: `size` bytes, cut or padded with zeros.
        case string
        /// `p`: a length byte, then up to `size - 1` bytes.
        case pascal
    }

    /// The format character, as ASCII.
    public let code: UInt8
    /// What an item of this field is.
    public let kind: Kind
    /// Where the first item starts, in bytes from the start of the record.
    public let offset: Int
    /// How many items follow each other.
    public let count: Int
    /// The size of one item in bytes.
    public let size: Int
    /// Whether integers of this field have a sign.
    public let isSigned: Bool
    /// Whether the most significant byte comes first.
    public let isBigEndian: Bool
    /// Whether CPython packs this field with the C compiler's own type, which decides some error texts.
    let isNative: Bool
}

extension StructField {
    /// Packs `value` as one item at `destination`, which must have room for `size` bytes.
    ///
    /// An integer code takes a `.double` whose value is an exact integer; `?` takes any number, and zero is false.
    public func store(_ value: StructValue, to destination: UnsafeMutableRawPointer) throws(StructError) {
        switch kind {
        case .integer: try storeInteger(integer(from: value), to: destination)
        case .floating: try storeNumber(value, to: destination)
        case .bool: storeBool(truth(of: value), to: destination)
        case .char, .string, .pascal: try storeAny(value, to: destination)
        }
    }

    /// Reads one item from `source`, which must hold `size` bytes.
    public func load(from source: UnsafeRawPointer) -> StructValue {
        switch kind {
        case .integer: .int(loadInteger(from: source))
        case .floating: .double(loadDouble(from: source))
        case .bool: .bool(loadBool(from: source))
        case .char, .string, .pascal: .bytes([UInt8](loadBytes(from: source)))
        }
    }

    private func storeNumber(_ value: StructValue, to destination: UnsafeMutableRawPointer) throws(StructError) {
        do {
            try storeDouble(double(from: value), to: destination)
        } catch {
            // CPython rewords an overflow where the value was an integer.
            guard case .int = value, error.kind == .overflow else { throw error }
            throw StructError("int too large to convert")
        }
    }

    private func storeAny(_ value: StructValue, to destination: UnsafeMutableRawPointer) throws(StructError) {
        guard case .bytes(let bytes) = value else { throw notBytes }
        let result: Result<Void, StructError> = bytes.withUnsafeBytes { source in
            Result { () throws(StructError) in try storeBytes(source, to: destination) }
        }
        try result.get()
    }

    private func integer(from value: StructValue) throws(StructError) -> Int64 {
        switch value {
        case .int(let integer): return integer
        case .bool(let bool): return bool ? 1 : 0
        case .double(let double):
            if let exact = Int64(exactly: double) { return exact }
            throw StructError(
                double.isFinite && double == double.rounded(.towardZero)
                    ? "argument out of range" : "required argument is not an integer")
        case .bytes: throw StructError("required argument is not an integer")
        }
    }

    private func double(from value: StructValue) throws(StructError) -> Double {
        switch value {
        case .int(let integer): Double(integer)
        case .bool(let bool): bool ? 1 : 0
        case .double(let double): double
        case .bytes: throw StructError("required argument is not a float")
        }
    }

    private func truth(of value: StructValue) -> Bool {
        switch value {
        case .int(let integer): integer != 0
        case .double(let double): double != 0
        case .bool(let bool): bool
        case .bytes(let bytes): !bytes.isEmpty
        }
    }

    /// The error of a value that is not a byte string where `c`, `s` or `p` wants one.
    public var notBytes: StructError {
        kind == .char
            ? StructError("char format requires a bytes object of length 1")
            : StructError("argument for '\(kind == .pascal ? "p" : "s")' must be a bytes object")
    }
}

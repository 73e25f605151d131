/// One value that `StructFormat` packs or unpacks.
public enum StructValue: Sendable, Equatable {
    /// A value of an integer code. Unsigned 64-bit values at or above 2^63 are the negative integer with the same bits.
    case int(Int64)
    /// A value of `e`, `f` or `d`.
    case double(Double)
    /// A value of `?`.
    case bool(Bool)
    /// A value of `c`, `s` or `p`.
    case bytes([UInt8])
}

extension StructField {
    /// Packs an integer at `destination`. Only for `kind == .integer`.
    ///
    /// The 64-bit unsigned codes take any `Int64` by its bits; every other code checks its range.
    public func storeInteger(_ value: Int64, to destination: UnsafeMutableRawPointer) throws(StructError) {
        try checkRange(value)
        switch size {
        case 1: destination.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
        case 2: storeOrdered(UInt16(truncatingIfNeeded: value), to: destination)
        case 4: storeOrdered(UInt32(truncatingIfNeeded: value), to: destination)
        default: storeOrdered(UInt64(bitPattern: value), to: destination)
        }
    }

    /// Reads an integer from `source`. Only for `kind == .integer`.
    public func loadInteger(from source: UnsafeRawPointer) -> Int64 {
        switch size {
        case 1:
            let byte = source.load(as: UInt8.self)
            return isSigned ? Int64(Int8(bitPattern: byte)) : Int64(byte)
        case 2:
            let word = loadOrdered(UInt16.self, from: source)
            return isSigned ? Int64(Int16(bitPattern: word)) : Int64(word)
        case 4:
            let word = loadOrdered(UInt32.self, from: source)
            return isSigned ? Int64(Int32(bitPattern: word)) : Int64(word)
        default:
            return Int64(bitPattern: loadOrdered(UInt64.self, from: source))
        }
    }

    /// Packs a float at `destination`, rounding half to even. Only for `kind == .floating`.
    ///
    /// Throws an overflow for a finite value that the format cannot hold, except for a native `f`, which
    /// becomes infinity as in CPython.
    public func storeDouble(_ value: Double, to destination: UnsafeMutableRawPointer) throws(StructError) {
        switch size {
        case 2:
            let half = Self.halfBits(value)
            if half & 0x7FFF == 0x7C00 && value.isFinite { throw tooLarge }
            storeOrdered(half, to: destination)
        case 4:
            let float = Float(value)
            if float.isInfinite && value.isFinite && !isNative { throw tooLarge }
            storeOrdered(float.bitPattern, to: destination)
        default:
            storeOrdered(value.bitPattern, to: destination)
        }
    }

    /// Reads a float from `source`. Only for `kind == .floating`.
    public func loadDouble(from source: UnsafeRawPointer) -> Double {
        switch size {
        case 2: Self.double(halfBits: loadOrdered(UInt16.self, from: source))
        case 4: Double(Float(bitPattern: loadOrdered(UInt32.self, from: source)))
        default: Double(bitPattern: loadOrdered(UInt64.self, from: source))
        }
    }

    /// Packs a truth value at `destination`. Only for `kind == .bool`.
    public func storeBool(_ value: Bool, to destination: UnsafeMutableRawPointer) {
        destination.storeBytes(of: value ? 1 : 0, as: UInt8.self)
    }

    /// Reads a truth value: any byte but zero is true. Only for `kind == .bool`.
    public func loadBool(from source: UnsafeRawPointer) -> Bool {
        source.load(as: UInt8.self) != 0
    }

    private func storeOrdered<T: FixedWidthInteger & BitwiseCopyable>(
        _ value: T, to destination: UnsafeMutableRawPointer
    ) {
        destination.storeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian, as: T.self)
    }

    private func loadOrdered<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type, from source: UnsafeRawPointer) -> T {
        let raw = source.loadUnaligned(as: T.self)
        return isBigEndian ? T(bigEndian: raw) : T(littleEndian: raw)
    }

    private var tooLarge: StructError {
        StructError("float too large to pack with \(size == 2 ? "e" : "f") format", kind: .overflow)
    }
}

extension StructField {
    private func checkRange(_ value: Int64) throws(StructError) {
        guard size < 8 else { return }
        let bits = Int64(size * 8)
        let low: Int64 = isSigned ? -(1 << (bits - 1)) : 0
        let high: Int64 = isSigned ? (1 << (bits - 1)) - 1 : (1 << bits) - 1
        if value < low || value > high { throw outOfRange(value, low, high) }
    }

    /// CPython words the same mistake differently by which C function packs the code.
    private func outOfRange(_ value: Int64, _ low: Int64, _ high: Int64) -> StructError {
        let range = "format requires \(low) <= number <= \(high)"
        switch size {
        case 1: return StructError("\(isSigned ? "byte" : "ubyte") \(range)")
        case 2 where isNative: return StructError("\(isSigned ? "short" : "ushort") \(range)")
        default:
            if !isSigned && value < 0 { return StructError("argument out of range") }
            return StructError("'\(Character(Unicode.Scalar(code)))' \(range)")
        }
    }
}

extension StructField {
    /// IEEE 754 binary16 of a double, half to even, in one rounding.
    ///
    /// By hand because `Float16` is missing on some platforms that Swift supports.
    static func halfBits(_ value: Double) -> UInt16 {
        let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
        if value.isNaN { return sign | 0x7E00 }
        let magnitude = value.magnitude
        if magnitude >= 65520 { return sign | 0x7C00 }
        // 2^-14 is the smallest normal; below it the unit is 2^-24 whatever the value.
        let exponent = magnitude < 0x1p-14 ? -14 : Int(magnitude.exponent)
        let units = (magnitude * scale(10 - exponent)).rounded(.toNearestOrEven)
        // A carry out of the significand lands in the exponent, which is what rounding up means.
        let biased = magnitude < 0x1p-14 ? 0 : exponent + 14
        return sign | UInt16(biased << 10 + Int(units))
    }

    static func double(halfBits: UInt16) -> Double {
        let sign: Double = halfBits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(halfBits >> 10 & 0x1F)
        let fraction = Double(halfBits & 0x3FF)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 0x1F: return fraction == 0 ? sign * .infinity : (sign < 0 ? -Double.nan : .nan)
        default: return sign * (1024 + fraction) * scale(exponent - 25)
        }
    }

    private static func scale(_ exponent: Int) -> Double {
        Double(sign: .plus, exponent: exponent, significand: 1)
    }
}

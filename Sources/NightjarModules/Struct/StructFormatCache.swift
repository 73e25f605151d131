import NightjarBinary
import NightjarLua

/// The formats that scripts of one interpreter used, compiled. Bounded: a format takes the place of another.
final class StructFormatCache {
    private static let slotCount = 128
    /// A longer format is compiled each time: what is kept must stay small too.
    private static let longestKept = 256

    private var slots = [StructObject?](repeating: nil, count: slotCount)

    /// The format that is argument 1 of the call.
    func format(of call: LuaCall) throws -> StructObject {
        let text = try StructCalls.bytes(call, 1)
        let slot = Self.slot(text)
        if let known = slots[slot], Self.isEqual(known.text, text) { return known }
        let compiled = try StructObject(text)
        if text.count <= Self.longestKept { slots[slot] = compiled }
        return compiled
    }

    private static func isEqual(_ known: [UInt8], _ text: UnsafeRawBufferPointer) -> Bool {
        known.count == text.count && known.elementsEqual(text)
    }

    /// FNV-1a.
    private static func slot(_ text: UnsafeRawBufferPointer) -> Int {
        var hash: UInt32 = 0x811C_9DC5
        for byte in text.prefix(longestKept) { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return Int(hash ^ hash >> 16) & (slotCount - 1)
    }
}

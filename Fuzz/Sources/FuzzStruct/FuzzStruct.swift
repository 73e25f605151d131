// Formats of `struct` and the data they read: any text is a format or a StructError, any data is read or refused, and what
// was read packs to bytes that read the same again.
import NightjarBinary

@_cdecl("LLVMFuzzerTestOneInput") public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    // The format ends at the first zero.
    let start = bytes.prefix { $0 != 0 }
    let text = String(decoding: start, as: UTF8.self)
    guard let format = try? StructFormat(text) else { return 0 }
    precondition(format.size >= 0 && format.itemCount >= 0)
    var data = Array(bytes.dropFirst(start.count + 1))
    if let records = try? format.iterUnpack(data) { for _ in records.prefix(100) {} }
    _ = try? format.unpack(from: data, offset: data.count / 2)
    guard format.size <= 1 << 16 else { return 0 }
    data += [UInt8](repeating: 0xa5, count: max(0, format.size - data.count))
    let record = Array(data.prefix(format.size))
    do {
        let values = try format.unpack(record)
        precondition(values.count == format.itemCount)
        let packed = try format.pack(values)
        precondition(packed.count == format.size)
        let again = try format.pack(format.unpack(packed))
        // Bytes that belong to no value are zero now, and a boolean is 0 or 1: from here on nothing may change.
        precondition(again == packed, "\(text): \(packed) became \(again)")
    } catch {
        fatalError("\(text): what was read cannot be packed: \(error)")
    }
    return 0
}

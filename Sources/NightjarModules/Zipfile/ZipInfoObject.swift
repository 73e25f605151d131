import NightjarBinary
import NightjarLua
import Synchronization

/// `zipfile.ZipInfo`: what is known of one member. Any number of threads may use one.
final class ZipInfoObject: CrossesThreads {
    private let info: Mutex<ZipInfo>

    init(_ info: ZipInfo) { self.info = Mutex(info) }

    var value: ZipInfo {
        get { info.withLock { $0 } }
        set { info.withLock { $0 = newValue } }
    }

    static let luaType = LuaType(
        "ZipInfo", for: ZipInfoObject.self, module: "zipfile",
        doc: "ZipInfo(filename=\"NoName\", date_time={1980, 1, 1, 0, 0, 0}): what is known of one member."
    ) { type in
        addConstruction(&type)
        addNames(&type)
        addNumbers(&type)
        addResults(&type)
        type.method("is_dir", doc: "Whether the member is a folder.") { (info: ZipInfoObject) in info.value.isDirectory
        }
        type.metamethod("__tostring") { info, call in try call.results(info.value.pythonRepr) }
    }

    private typealias Builder = LuaType.Builder<ZipInfoObject>

    private static func addConstruction(_ type: inout Builder) {
        let parameters = NamedArguments("filename, date_time")
        type.constructor { call in
            try parameters.bind(call)
            let name = try call.argument(2, default: "NoName")
            return ZipInfoObject(
                try ZipInfo(filename: name, dateTime: call.argument(3, default: LuaDateTime(.earliest)).value))
        }
        let fileParameters = NamedArguments("filename, arcname, *, strict_timestamps")
        type.function("from_file", doc: "from_file(filename, arcname=filename): the entry for a file on disk.") {
            call in
            try fileParameters.bind(call, from: 1)
            let info = try ZipInfo(
                fromFile: call.argument(1), arcname: call.argument(2), strictTimestamps: call.argument(3, default: true)
            )
            return try call.results(ZipInfoObject(info))
        }
    }

    private static func addNames(_ type: inout Builder) {
        type.property(
            "filename", doc: "The name in the archive.", get: { $0.value.filename }, set: { $0.value.filename = $1 })
        type.property("orig_filename", doc: "The name as it stands in the archive.") { $0.value.originalFilename }
        type.property(
            "date_time", doc: "When the file was modified: {year, month, day, hour, minute, second}.",
            get: { LuaDateTime($0.value.dateTime) }, set: { $0.value.dateTime = $1.value })
        type.property(
            "comment", doc: "The member's own comment.", get: { LuaBytes($0.value.comment) },
            set: { $0.value.comment = $1.bytes })
        type.property(
            "extra", doc: "The extra field.", get: { LuaBytes($0.value.extra) }, set: { $0.value.extra = $1.bytes })
    }

    private static func addNumbers(_ type: inout Builder) {
        type.property(
            "compress_type", doc: "The method: ZIP_STORED, ZIP_DEFLATED, ...", get: { $0.value.compressType.rawValue },
            set: { $0.value.compressType = ZipCompressionMethod(rawValue: $1) })
        type.property(
            "compress_level", doc: "The level to compress with, 0 to 9, or nil.", get: { $0.value.compressionLevel },
            set: { $0.value.compressionLevel = $1 })
        number(\.createSystem, "create_system", "Which system made the entry: 3 is Unix.", &type)
        number(\.createVersion, "create_version", "The version of the format that made the entry.", &type)
        number(\.extractVersion, "extract_version", "The version of the format needed to extract.", &type)
        number(\.reserved, "reserved", "Zero.", &type)
        number(\.flagBits, "flag_bits", "The general purpose flags.", &type)
        number(\.volume, "volume", "The volume the member starts on.", &type)
        number(\.internalAttributes, "internal_attr", "The internal attributes.", &type)
        number(
            \.externalAttributes, "external_attr", "The external attributes; the Unix mode is in the upper 16 bits.",
            &type)
        number(\.fileSize, "file_size", "The size of the data in bytes.", &type)
    }

    private static func number<Value: LuaConvertible>(
        _ path: any WritableKeyPath<ZipInfo, Value> & Sendable, _ name: String, _ doc: String, _ type: inout Builder
    ) {
        type.property(name, doc: doc, get: { $0.value[keyPath: path] }, set: { $0.value[keyPath: path] = $1 })
    }

    /// What writing finds out.
    private static func addResults(_ type: inout Builder) {
        type.property("header_offset", doc: "Where the member starts in the archive.") { $0.value.headerOffset }
        type.property("CRC", doc: "The CRC-32 of the data.") { $0.value.crc }
        type.property("compress_size", doc: "The size of the compressed data in bytes.") { $0.value.compressSize }
    }
}

/// Python's `date_time`: six integers.
struct LuaDateTime: LuaConvertible {
    let value: ZipDateTime

    init(_ value: ZipDateTime) { self.value = value }

    static var luaTypeName: String { "array of 6 integers" }

    func push(to stack: LuaStack) throws(LuaError) {
        try [value.year, value.month, value.day, value.hour, value.minute, value.second].push(to: stack)
    }

    static func read(from stack: LuaStack, at index: Int32) throws(LuaMismatch) -> LuaDateTime {
        let parts = try [Int].read(from: stack, at: index)
        guard parts.count == 6 else { throw LuaMismatch(expected: luaTypeName, actual: "\(parts.count) of them") }
        return LuaDateTime(
            ZipDateTime(
                year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5]))
    }
}

extension ZipInfo {
    /// Python's `repr`.
    var pythonRepr: String {
        var text = "<ZipInfo filename=\(PythonText.repr(filename))"
        if compressType != .stored { text += " compress_type=\(PythonText.name(of: compressType))" }
        let high = externalAttributes >> 16, low = externalAttributes & 0xFFFF
        if high != 0 { text += " filemode='\(PythonText.fileMode(high))'" }
        if low != 0 { text += " external_attr=0x\(String(low, radix: 16))" }
        if !isDirectory || fileSize != 0 { text += " file_size=\(fileSize)" }
        if !isDirectory || compressSize != 0, compressType != .stored || fileSize != compressSize {
            text += " compress_size=\(compressSize)"
        }
        return text + ">"
    }
}

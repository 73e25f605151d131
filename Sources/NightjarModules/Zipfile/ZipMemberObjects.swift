import NightjarBinary
import NightjarLua

/// A member opened for reading (Python's `ZipExtFile`). For one thread.
final class ZipExtFileObject: LuaObject {
    private let reader: ZipMemberReader

    init(_ reader: ZipMemberReader) { self.reader = reader }

    static let luaType = LuaType(
        "ZipExtFile", for: ZipExtFileObject.self, module: "zipfile", doc: "A member opened for reading."
    ) { type in
        type.property("name", doc: "The member's name.") { $0.reader.info.filename }
        type.property("mode", doc: "\"rb\"") { _ in "rb" }
        type.property("closed", doc: "Whether it was closed.") { $0.reader.isClosed }
        addReading(&type)
        addPositions(&type)
        type.method(
            "write", doc: "Not for a member that is read.",
            raw: { _, _ in throw ZipError(.unsupportedOperation, "write") })
        type.closable(doc: "Ends reading; a second call is harmless.") { $0.reader.close() }
        type.metamethod("__call") { file, call in
            let line = try file.reader.readline()
            return line.isEmpty ? 0 : try call.results(LuaBytes(line))
        }
        type.metamethod("__tostring") { file, call in try call.results(file.pythonRepr) }
    }

    private static func addReading(_ type: inout LuaType.Builder<ZipExtFileObject>) {
        for name in ["read", "read1"] {
            type.method(
                name, doc: "read(n=-1): up to n bytes, all that is left if negative; \"\" at the end.",
                raw: { file, call in
                    let count = try call.argument(2, default: -1)
                    let left = file.reader.isClosed ? 0 : file.reader.info.fileSize - (try file.reader.tell())
                    try ZipArguments.checkMemory(call, count < 0 ? left : min(count, left))
                    return try call.results(LuaBytes(file.reader.read(count)))
                })
        }
        type.method("readline", doc: "readline(limit=-1): the next line with its newline; \"\" at the end.") {
            (file: ZipExtFileObject, limit: Int?) in LuaBytes(try file.reader.readline(limit: limit))
        }
        type.method("readlines", doc: "readlines(hint=-1): the lines that are left, or as many as hint bytes take.") {
            (file: ZipExtFileObject, hint: Int?) in try file.readlines(hint ?? -1)
        }
    }

    private func readlines(_ hint: Int) throws -> [LuaBytes] {
        var lines: [LuaBytes] = []
        var count = 0
        while hint <= 0 || count < hint {
            let line = try reader.readline()
            if line.isEmpty { break }
            count += line.count
            lines.append(LuaBytes(line))
        }
        return lines
    }

    private static func addPositions(_ type: inout LuaType.Builder<ZipExtFileObject>) {
        type.method("seek", doc: "seek(offset, whence=0): moves to a position in the data and gives it.") {
            (file: ZipExtFileObject, offset: Int, whence: Int?) in try file.seek(offset, whence ?? 0)
        }
        type.method("tell", doc: "The position in the data.") { (file: ZipExtFileObject) in try file.reader.tell() }
        for (name, answer) in [("readable", true), ("seekable", true), ("writable", false)] {
            type.method(name, doc: "\(answer)") { (file: ZipExtFileObject) in try file.ifOpen(answer) }
        }
    }

    private func seek(_ offset: Int, _ whence: Int) throws -> Int {
        guard let whence = ZipMemberReader.Whence(rawValue: whence) else {
            throw LuaException(.valueError, "whence must be os.SEEK_SET (0), os.SEEK_CUR (1), or os.SEEK_END (2)")
        }
        return try reader.seek(offset, from: whence)
    }

    private func ifOpen(_ answer: Bool) throws -> Bool {
        if reader.isClosed { throw LuaException(.valueError, "I/O operation on closed file.") }
        return answer
    }

    private var pythonRepr: String {
        if reader.isClosed { return "<zipfile.ZipExtFile [closed]>" }
        let method = reader.info.compressType
        let suffix = method == .stored ? "" : " compress_type=\(PythonText.name(of: method))"
        return "<zipfile.ZipExtFile name=\(PythonText.repr(reader.info.filename)) mode='rb'\(suffix)>"
    }
}

/// A member opened for writing. For one thread.
final class ZipWriteFileObject: LuaObject {
    private let writer: ZipMemberWriter
    /// Keeps the archive from being closed by the collector before its member.
    private let archive: ZipFileObject
    /// The entry that the script opened, which learns sizes and checksum.
    private let entry: ZipInfoObject?

    init(_ writer: ZipMemberWriter, of archive: ZipFileObject, entry: ZipInfoObject?) {
        self.writer = writer
        self.archive = archive
        self.entry = entry
    }

    deinit {
        // With an archive that was given up, its member is given up too.
        if archive.archive.isClosed { return writer.abandon() }
        // Forgotten, not failed: as Python, the collector ends the member.
        do { try close() } catch { archive.reportIgnored(error) }
    }

    private func close() throws(ZipError) {
        guard !writer.isClosed else { return }
        try writer.close()
        archive.noteWritten(writer.info, as: entry)
    }

    static let luaType = LuaType(
        "ZipWriteFile", for: ZipWriteFileObject.self, module: "zipfile", doc: "A member opened for writing."
    ) { type in
        type.property("name", doc: "The member's name.") { $0.writer.info.filename }
        type.property("mode", doc: "\"wb\"") { _ in "wb" }
        type.property("closed", doc: "Whether it was closed.") { $0.writer.isClosed }
        type.method(
            "write", doc: "write(data): adds bytes and gives their number.",
            raw: { file, call in
                guard call.stack.type(at: 2) == .string else {
                    throw call.badArgument(2, "string expected, got \(call.stack.typeName(at: 2))")
                }
                let data = call.stack.bytes(at: 2)
                try file.writer.write(data)
                return try call.results(data.count)
            })
        for name in ["read", "readline", "seek", "tell"] {
            type.method(
                name, doc: "Not for a member that is written.",
                raw: { _, _ in throw ZipError(.unsupportedOperation, name) })
        }
        for (name, answer) in [("readable", false), ("seekable", false), ("writable", true)] {
            type.method(name, doc: "\(answer)") { (_: ZipWriteFileObject) in answer }
        }
        type.method("close", doc: "Ends the member; a second call is harmless.") { (file: ZipWriteFileObject) in
            try file.close()
        }
        // The block failed: what it has written of the member is no member.
        type.metamethod("__close") { file, call in
            if call.stack.isNilOrNone(at: 2) { try file.close() } else { file.writer.abandon() }
            return 0
        }
        type.metamethod("__tostring") { file, call in
            try call.results(
                file.writer.isClosed
                    ? "<zipfile.ZipWriteFile [closed]>"
                    : "<zipfile.ZipWriteFile name=\(PythonText.repr(file.writer.info.filename)) mode='wb'>")
        }
    }
}

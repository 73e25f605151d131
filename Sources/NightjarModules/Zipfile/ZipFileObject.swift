import NightjarBinary
import NightjarLua
import Synchronization

/// `zipfile.ZipFile`.
///
/// Any number of threads may use one, but scripts pass only those opened for reading to other threads.
class ZipFileObject: StaysInItsThread {
    let archive: ZipArchive
    /// Python's `debug`, which nothing here reads.
    let debug = Mutex(0)
    /// What Python gives a `UserWarning` for, until the operation has ended.
    private let warnings: PendingWarnings
    /// The entries that scripts have got, so that they get the same ones again.
    private let entries = Mutex<[EntryKey: ZipInfoObject]>([:])

    /// Only one that is not open for reading is told about.
    var culprit: String { "a zipfile.ZipFile open for writing" }

    /// A member is its place and its name: hostile archives have several names for one place.
    private struct EntryKey: Hashable {
        let offset: Int
        let name: String

        init(_ info: ZipInfo) {
            offset = info.headerOffset
            name = info.originalFilename
        }
    }

    static let luaType = LuaType(
        "ZipFile", for: ZipFileObject.self, module: "zipfile",
        doc: "ZipFile(file, mode=\"r\", compression=ZIP_STORED, allowZip64=true, compresslevel=nil): a ZIP archive."
    ) { type in
        addConstructor(&type)
        addAttributes(&type)
        addReading(&type)
        addExtracting(&type)
        addWriting(&type)
        addClosing(&type)
        type.metamethod("__tostring") { file, call in try call.results(file.pythonRepr) }
    }

    fileprivate init(path: String, mode: ZipArchive.Mode, options: ZipArchive.Options) throws(ZipError) {
        let warnings = PendingWarnings()
        var options = options
        options.onWarning = { warnings.add($0) }
        self.warnings = warnings
        archive = try ZipArchive(path: path, mode: mode, options: options)
    }

    deinit {
        // Python's collector closes archives too, and says what went wrong with that.
        do { try archive.close() } catch { reportIgnored(error) }
    }

    /// For errors that no script is there to catch.
    func reportIgnored(_ error: ZipError) {
        StandardError.report(
            "Exception ignored in: <zipfile.ZipFile filename=\(PythonText.repr(archive.path ?? "")) "
                + "mode='\(archive.mode.rawValue)'>\n\(error.luaException)")
    }

    private var pythonRepr: String {
        if archive.isClosed { return "<zipfile.ZipFile [closed]>" }
        return "<zipfile.ZipFile filename=\(PythonText.repr(archive.path ?? "")) mode='\(archive.mode.rawValue)'>"
    }

    // MARK: Entries

    /// The one object for an entry of the archive.
    func object(for info: ZipInfo) -> ZipInfoObject {
        entries.withLock { entries in
            if let known = entries[EntryKey(info)] { return known }
            let object = ZipInfoObject(info)
            entries[EntryKey(info)] = object
            return object
        }
    }

    /// The entry as a script may have changed it.
    func current(_ info: ZipInfo) -> ZipInfo { entries.withLock { $0[EntryKey(info)] }?.value ?? info }

    /// Makes the entry that a script wrote with the archive's own, as Python does.
    func noteWritten(_ info: ZipInfo, as object: ZipInfoObject?) {
        guard let object else { return }
        object.value = info
        entries.withLock { $0[EntryKey(info)] = object }
    }

    /// Runs `body` and then passes on what it warned of.
    func operate<Result>(_ call: LuaCall, _ body: (ZipArchive) throws -> Result) throws -> Result {
        defer { for text in warnings.take() { ScriptWarning.emit(text, call) } }
        return try body(archive)
    }
}

/// An archive opened for reading, which goes to other threads by reference.
// Unchecked because a class that is inherited from cannot be checked: this one adds nothing, and all that it inherits
// is immutable and Sendable or inside a Mutex.
final class ReadableZipFileObject: ZipFileObject, CrossesThreads, @unchecked Sendable {}

/// Warnings of one archive, from any thread.
private final class PendingWarnings: Sendable {
    private let texts = Mutex<[String]>([])

    func add(_ text: String) { texts.withLock { $0.append(text) } }

    func take() -> [String] {
        texts.withLock { texts in
            defer { texts = [] }
            return texts
        }
    }
}

// MARK: - Opening, attributes, closing

extension ZipFileObject {
    typealias Builder = LuaType.Builder<ZipFileObject>

    private static func addConstructor(_ type: inout Builder) {
        let parameters = NamedArguments("file, mode, compression, allowZip64, compresslevel, *, strict_timestamps")
        type.constructor { call in
            try parameters.bind(call)
            let path: String = try call.argument(2)
            guard let mode = ZipArchive.Mode(rawValue: try call.argument(3, default: "r")) else {
                throw LuaException(.valueError, "ZipFile requires mode 'r', 'w', 'x', or 'a'")
            }
            var options = ZipArchive.Options()
            options.compression = try ZipArguments.method(call, 4) ?? .stored
            options.allowZip64 = try call.argument(5, default: true)
            options.compressionLevel = try call.argument(6)
            options.strictTimestamps = try call.argument(7, default: true)
            if mode == .read { return try ReadableZipFileObject(path: path, mode: mode, options: options) }
            let file = try ZipFileObject(path: path, mode: mode, options: options)
            UnfinishedArchives.of(call.state).add(file)
            return file
        }
    }

    private static func addAttributes(_ type: inout Builder) {
        type.property("filename", doc: "The path it was opened by.") { $0.archive.path }
        type.property("mode", doc: "What it was opened for: r, w, x or a.") { $0.archive.mode.rawValue }
        type.property("compression", doc: "The method for members that name none.") {
            $0.archive.options.compression.rawValue
        }
        type.property("compresslevel", doc: "The level for members that name none.") {
            $0.archive.options.compressionLevel
        }
        type.property(
            "debug", doc: "A number that changes nothing.", get: { $0.debug.withLock { $0 } },
            set: { file, value in file.debug.withLock { $0 = value } })
        type.property(
            "comment", doc: "The archive's comment.",
            rawGet: { file, call in try call.results(LuaBytes(file.archive.comment)) },
            rawSet: { file, call in
                guard call.stack.type(at: 2) == .string else {
                    throw LuaException(.typeError, "comment: expected bytes, got \(call.stack.typeName(at: 2))")
                }
                let comment: LuaBytes = try call.argument(2)
                try file.operate(call) { $0.comment = comment.bytes }
            })
    }

    private static func addClosing(_ type: inout Builder) {
        type.method("close", doc: "Makes the archive final; a second call is harmless.") { (file: ZipFileObject) in
            try file.archive.close()
        }
        // An error in the block leaves what was there before.
        type.metamethod("__close") { file, call in
            if call.stack.isNilOrNone(at: 2) { try file.archive.close() } else { file.archive.abandon() }
            return 0
        }
    }
}

import NightjarBinary
import NightjarLua

extension ZipFileObject {
    static func addReading(_ type: inout Builder) {
        type.method("namelist", doc: "The names of all members.") { (file: ZipFileObject) in file.archive.namelist() }
        type.method("infolist", doc: "The entries of all members.") { (file: ZipFileObject) in
            file.archive.infolist().map { file.object(for: $0) }
        }
        type.method("getinfo", doc: "getinfo(name): the entry of that name.") { (file: ZipFileObject, name: String) in
            file.object(for: try file.archive.getinfo(name))
        }
        type.method("testzip", doc: "The name of the first damaged member, or nil.") { (file: ZipFileObject) in
            try file.archive.testzip()
        }
        type.method("printdir", doc: "Prints a table of the members.", raw: { file, call in try file.printdir(call) })
        let readParameters = NamedArguments("name, pwd, *, max_size, max_ratio, max_members")
        type.method(
            "read", doc: "read(name, pwd=nil, {max_size=, max_ratio=}): all data of a member.",
            raw: { file, call in
                try readParameters.bind(call)
                let info = try file.entry(call, 2)
                try ZipArguments.checkPassword(call, 3, for: info)
                try ZipArguments.checkMemory(call, info.fileSize)
                return try call.results(LuaBytes(file.archive.read(info, limits: ZipArguments.limits(call, 4))))
            })
        let openParameters = NamedArguments("name, mode, pwd, *, force_zip64")
        type.method(
            "open", doc: "open(name, mode=\"r\", pwd=nil, {force_zip64=}): a member as a file.",
            raw: { file, call in
                try openParameters.bind(call)
                return try file.open(call)
            })
    }

    static func addExtracting(_ type: inout Builder) {
        let limits = "max_size, max_ratio, max_members"
        let oneParameters = NamedArguments("member, path, pwd, *, " + limits)
        type.method(
            "extract", doc: "extract(member, path=\".\"): writes a member below a folder, gives where.",
            raw: { file, call in
                try oneParameters.bind(call)
                let info = try file.entry(call, 2)
                try ZipArguments.checkPassword(call, 4, for: info)
                return try call.results(
                    file.archive.extract(info, to: call.argument(3), limits: ZipArguments.limits(call, 5)))
            })
        let allParameters = NamedArguments("path, members, pwd, *, " + limits)
        type.method(
            "extractall", doc: "extractall(path=\".\", members=all): writes members below a folder.",
            raw: { file, call in
                try allParameters.bind(call)
                let members = try ZipArguments.members(call, 3), limits = try ZipArguments.limits(call, 5)
                if !call.stack.isNilOrNone(at: 4) {
                    for info in try file.entries(members) { try ZipArguments.checkPassword(call, 4, for: info) }
                }
                try file.extract(members, to: call.argument(2), limits: limits)
                return 0
            })
    }

    /// The entry that argument `index` is or names.
    private func entry(_ call: LuaCall, _ index: Int32) throws -> ZipInfo {
        switch try ZipArguments.member(call, index) {
        case .entry(let object): return object.value
        case .name(let name):
            guard !archive.isClosed else {
                throw LuaException(.valueError, "Attempt to use ZIP archive that was already closed")
            }
            return current(try archive.getinfo(name))
        }
    }

    private func open(_ call: LuaCall) throws -> Int32 {
        switch try call.argument(3, default: "r") {
        case "r":
            let info = try entry(call, 2)
            try ZipArguments.checkPassword(call, 4, for: info)
            return try call.results(ZipExtFileObject(archive.open(info)))
        case "w":
            guard call.stack.isNilOrNone(at: 4) else {
                throw LuaException(.valueError, "pwd is only supported for reading files")
            }
            return try openForWriting(call, forceZip64: call.argument(5, default: false))
        default: throw LuaException(.valueError, "open() requires mode \"r\" or \"w\"")
        }
    }

    private func openForWriting(_ call: LuaCall, forceZip64: Bool) throws -> Int32 {
        try operate(call) { archive in
            switch try ZipArguments.member(call, 2) {
            case .name(let name):
                let writer = try archive.openForWriting(name, forceZip64: forceZip64)
                return try call.results(ZipWriteFileObject(writer, of: self, entry: nil))
            case .entry(let object):
                let writer = try archive.openForWriting(object.value, forceZip64: forceZip64)
                return try call.results(ZipWriteFileObject(writer, of: self, entry: object))
            }
        }
    }

    private func entries(_ members: [ZipArguments.Member]?) throws -> [ZipInfo] {
        guard let members else { return archive.infolist() }
        return try members.map { member in
            switch member {
            case .name(let name): current(try archive.getinfo(name))
            case .entry(let object): object.value
            }
        }
    }

    private func extract(_ members: [ZipArguments.Member]?, to path: String?, limits: ZipLimits?) throws {
        guard let members else { return try archive.extractall(to: path, limits: limits) }
        let names = members.compactMap { if case .name(let name) = $0 { name } else { nil } }
        if names.count == members.count { return try archive.extractall(to: path, members: names, limits: limits) }
        let entries = try entries(members)
        try Self.check(entries, limits ?? archive.options.limits)
        for entry in entries { try archive.extract(entry, to: path, limits: limits) }
    }

    /// The limits that hold for all members together; each one's own are checked when it is extracted.
    private static func check(_ entries: [ZipInfo], _ limits: ZipLimits) throws {
        guard entries.count <= limits.maxMembers else {
            throw ZipError(.limit, "Archive has \(entries.count) members, more than max_members \(limits.maxMembers)")
        }
        var left = limits.maxSize
        for entry in entries {
            guard entry.fileSize <= left else {
                throw ZipError(.limit, "Archive has more than max_size \(limits.maxSize) bytes of data")
            }
            left -= entry.fileSize
        }
    }

    /// Python's table, through the script's own `print`.
    private func printdir(_ call: LuaCall) throws -> Int32 {
        try Self.printLine(call, Self.line("File Name", "Modified    ", "Size"))
        for info in archive.infolist() {
            let time = info.dateTime
            let date = "\(time.year)-" + [time.month, time.day].map(Self.twoDigits).joined(separator: "-")
            let clock = [time.hour, time.minute, time.second].map(Self.twoDigits).joined(separator: ":")
            try Self.printLine(call, Self.line(info.filename, "\(date) \(clock)", "\(info.fileSize)"))
        }
        return 0
    }

    private static func line(_ name: String, _ date: String, _ size: String) -> String {
        let padded = name + String(repeating: " ", count: max(0, 46 - name.unicodeScalars.count))
        return "\(padded) \(leftPadded(date, 19)) \(leftPadded(size, 12))"
    }

    private static func leftPadded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func printLine(_ call: LuaCall, _ line: String) throws {
        call.stack.pushGlobals()
        try call.stack.get(-1, "print")
        call.stack.remove(at: -2)
        call.stack.push(line)
        try call.stack.call(arguments: 1, results: 0)
    }
}

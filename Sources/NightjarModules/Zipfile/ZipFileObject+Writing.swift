import NightjarBinary
import NightjarLua

extension ZipFileObject {
    static func addWriting(_ type: inout Builder) {
        let fileParameters = NamedArguments("filename, arcname, compress_type, compresslevel")
        type.method(
            "write",
            doc: "write(filename, arcname=filename, compress_type=nil, compresslevel=nil): adds a file or folder.",
            raw: { file, call in
                try fileParameters.bind(call)
                let path: String = try call.argument(2), name: String? = try call.argument(3)
                let method = try ZipArguments.method(call, 4), level: Int? = try call.argument(5)
                try file.operate(call) {
                    try $0.write(path, arcname: name, compressType: method, compressionLevel: level)
                }
                return 0
            })
        let dataParameters = NamedArguments("zinfo_or_arcname, data, compress_type, compresslevel")
        type.method(
            "writestr",
            doc: "writestr(name, data, compress_type=nil, compresslevel=nil): adds a member with that data.",
            raw: { file, call in
                try dataParameters.bind(call)
                try file.writestr(call)
                return 0
            })
        let folderParameters = NamedArguments("zinfo_or_directory_name, mode")
        type.method(
            "mkdir", doc: "mkdir(name, mode=511): adds a folder.",
            raw: { file, call in
                try folderParameters.bind(call)
                try file.mkdir(call)
                return 0
            })
    }

    private func writestr(_ call: LuaCall) throws {
        let data: LuaBytes = try call.argument(3)
        let method = try ZipArguments.method(call, 4), level: Int? = try call.argument(5)
        try operate(call) { archive in
            switch try ZipArguments.member(call, 2) {
            case .name(let name):
                try archive.writestr(name, data.bytes, compressType: method, compressionLevel: level)
            case .entry(let object):
                try archive.writestr(object.value, data.bytes, compressType: method, compressionLevel: level)
                noteWritten(try archive.getinfo(object.value.filename), as: object)
            }
        }
    }

    private func mkdir(_ call: LuaCall) throws {
        let mode: UInt32 = try call.argument(3, default: 0o777)
        try operate(call) { archive in
            switch try ZipArguments.member(call, 2) {
            case .name(let name): try archive.mkdir(name, mode: mode)
            case .entry(let object):
                try archive.mkdir(object.value)
                noteWritten(try archive.getinfo(object.value.filename), as: object)
            }
        }
    }
}

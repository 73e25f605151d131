import NightjarBinary
import NightjarLua

extension StandardModules {
    /// `require "struct"`: packed binary data.
    ///
    /// Source: https://docs.python.org/3.14/library/struct.html
    static let structModule = LuaModule("struct", doc: "Packs values into bytes and unpacks bytes into values.") {
        module in
        // Built once per interpreter, so this belongs to one thread.
        let formats = StructFormatCache()
        module.function(
            "pack", doc: "pack(format, ...) gives the values as bytes.",
            raw: { call in
                try StructCalls.pack(formats.format(of: call).format, call, from: 2)
            })
        module.function(
            "unpack", doc: "unpack(format, buffer) gives the values in a buffer of exactly that size.",
            raw: { call in
                try StructCalls.unpack(formats.format(of: call).format, call, buffer: 2)
            })
        module.function(
            "unpack_from", doc: "unpack_from(format, buffer, offset=0) gives the values from there on.",
            raw: { call in
                try StructCalls.unpackFrom(formats.format(of: call).format, call, buffer: 2)
            })
        module.function(
            "iter_unpack", doc: "for a, b in iter_unpack(format, buffer) goes through the records.",
            raw: { call in
                try StructCalls.iterUnpack(formats.format(of: call), call, buffer: 2)
            })
        module.function(
            "calcsize", doc: "calcsize(format) gives the size of a record in bytes.",
            raw: { call in
                try call.results(formats.format(of: call).format.size)
            })
        module.type(StructObject.luaType)
        module.exception(StructCalls.errorClass, doc: "What cannot be packed, unpacked or understood as a format.")
    }
}

/// `struct.Struct`: a format compiled once.
final class StructObject: CrossesThreads {
    let format: StructFormat
    /// The format as the script wrote it.
    let text: [UInt8]

    init(_ text: UnsafeRawBufferPointer) throws(StructError) {
        format = try StructFormat(String(decoding: text, as: UTF8.self))
        self.text = Array(text)
    }

    static let luaType = LuaType(
        "Struct", for: StructObject.self, module: "struct",
        doc: "Struct(format): a format compiled once, with the functions as methods."
    ) { type in
        let parameters = NamedArguments("format")
        type.constructor { call in
            try parameters.bind(call)
            return try StructObject(StructCalls.bytes(call, 2))
        }
        type.property("format", doc: "The format string.") { LuaBytes($0.text) }
        type.property("size", doc: "The size of a record in bytes.") { $0.format.size }
        type.method(
            "pack", doc: "The values as bytes.",
            raw: { object, call in
                try StructCalls.pack(object.format, call, from: 2)
            })
        type.method(
            "unpack", doc: "The values in a buffer.",
            raw: { object, call in
                try StructCalls.unpack(object.format, call, buffer: 2)
            })
        type.method(
            "unpack_from", doc: "The values in a buffer from an offset on.",
            raw: { object, call in
                try StructCalls.unpackFrom(object.format, call, buffer: 2)
            })
        type.method(
            "iter_unpack", doc: "Goes through the records of a buffer.",
            raw: { object, call in
                try StructCalls.iterUnpack(object, call, buffer: 2)
            })
        type.metamethod("__tostring") { object, call in
            try call.results("Struct('\(object.format.format)')")
        }
    }
}

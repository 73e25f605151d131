import NightjarLogging
import NightjarLua

/// What a handler writes to, where that is nothing of the script's own: a log file, or a stream of the application or of another
/// interpreter. What is written to it stands as it is between the records. Thread-safe.
final class HandlerStream: CrossesThreads {
    let sink: any Sink
    private let file: (any FileBacked)?

    init(_ sink: any Sink) {
        self.sink = sink
        file = nil
    }

    init(_ file: any FileBacked) {
        sink = FileHandlerSink(file)
        self.file = file
    }

    private var identity: ObjectIdentifier { file.map { ObjectIdentifier($0) } ?? ObjectIdentifier(sink) }

    static let luaType = LuaType(
        "HandlerStream", for: HandlerStream.self, module: "logging", doc: "What a handler writes to."
    ) { type in
        type.method("write", doc: "Writes strings and numbers as they are.") { stream, call in
            var bytes: [UInt8] = []
            for index in Int32(2)..<max(call.count + 1, 2) {
                if call.stack.type(at: index) == .number {
                    try call.stack.pushToString(index)
                    call.stack.replace(at: index)
                }
                bytes += try call.argument(index, as: LuaBytes.self).bytes
            }
            try stream.sink.write(bytes)
            call.stack.setTop(1)
            return 1
        }
        type.method("flush", doc: "Hands on what is kept back.") { stream, call in
            try stream.sink.flush()
            call.stack.setTop(1)
            return 1
        }
        type.method("close", doc: "Closes a log file; the next record opens it again.") { stream, _ in
            try stream.file?.closeStream()
            return 0
        }
        type.method("isatty", doc: "Whether it is a terminal.") { stream, call in
            try call.results(stream.sink.isTerminal)
        }
        type.property("name", doc: "The path of a file.", get: { $0.file?.baseFilename })
        type.property("mode", get: { $0.file?.mode.rawValue })
        type.property("encoding", get: { $0.file?.encoding })
        type.property("closed", doc: "Whether the file is closed.", get: { $0.file.map { !$0.isOpen } ?? false })
        type.metamethod("__eq") { stream, call in
            let other = call.stack.object(at: 2) as? HandlerStream
            return try call.results(stream.identity == other?.identity)
        }
    }
}

/// The file of a handler, for others to write to. It is the handler's to close.
private final class FileHandlerSink: Sink {
    private let handler: any FileBacked

    init(_ handler: any FileBacked) { self.handler = handler }

    func write(_ bytes: [UInt8]) throws {
        try handler.core.lock.withLock {
            guard handler.isOpen else { throw LoggingError(.value, "I/O operation on closed file.") }
            try handler.write(bytes)
        }
    }

    func flush() throws { try handler.flush() }
    func close() {}
}

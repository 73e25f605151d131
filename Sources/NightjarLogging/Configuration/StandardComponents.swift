extension ComponentRegistry {
    /// The kinds of this module under Python's names, with and without `logging.`.
    public static let standard: ComponentRegistry = {
        var registry = ComponentRegistry()
        registry.register(formatter: .standard)
        registry.register(formatter: .json)
        registry.register(formatter: .logfmt)
        registry.register(filter: .name)
        registry.register(filter: .rateLimit)
        registry.register(filter: .duplicate)
        registry.register(filter: .sampling)
        registry.register(handler: .backtrace)
        registry.register(handler: .stream)
        registry.register(handler: .file)
        registry.register(handler: .memory)
        registry.register(handler: .watchedFile)
        registry.register(handler: .rotatingFile)
        registry.register(handler: .timedRotatingFile)
        registry.register(handler: .null)
        NetworkKinds.register(in: &registry)
        return registry
    }()
}

extension ComponentKind where Product == any Formatter {
    static var standard: Self {
        Self(
            names: ["logging.Formatter", "Formatter"],
            parameters: [
                .init("format", .string), .init("fmt", .string), .init("datefmt", .string), .init("style", .string),
                .init("validate", .bool), .init("defaults", .object), .init("single_line", .bool), .init("utc", .bool),
            ],
            check: { _ = try makeStandard($0) }, make: { arguments, _ in try makeStandard(arguments) })
    }

    private static func makeStandard(_ arguments: ComponentArguments) throws -> StandardFormatter {
        try StandardFormatter(
            arguments.string("format") ?? arguments.string("fmt"),
            time: TimeFormat(dateFormat: arguments.string("datefmt"), utc: arguments.bool("utc") ?? false),
            style: try FormatStyle.named(arguments.string("style") ?? "%"),
            validate: arguments.bool("validate") ?? true,
            defaults: arguments.fields("defaults") ?? LogFields(),
            singleLine: arguments.bool("single_line") ?? false)
    }
}

extension ComponentKind where Product == any Formatter {
    static var json: Self {
        structured("JSONFormatter") { JSONFormatter(keys: $0, utc: $1) }
    }

    static var logfmt: Self {
        structured("LogfmtFormatter") { LogfmtFormatter(keys: $0, utc: $1) }
    }

    private static func structured(
        _ name: String, _ make: @escaping @Sendable (RecordKeys, Bool) -> any Formatter
    ) -> Self {
        @Sendable func keys(_ arguments: ComponentArguments) throws -> RecordKeys {
            try arguments["keys"].map { value throws(LoggingError) in try RecordKeys(value) } ?? .all
        }
        return Self(
            names: ["logging.\(name)", name], parameters: [.init("keys", .any), .init("utc", .bool)],
            check: { _ = try keys($0) },
            make: { arguments, _ in try make(keys(arguments), arguments.bool("utc") ?? false) })
    }
}

extension ComponentKind where Product == any Filter {
    static var name: Self {
        Self(names: ["logging.Filter", "Filter"], parameters: [.init("name", .string)]) { arguments, _ in
            NameFilter(arguments.string("name") ?? "")
        }
    }
}

extension ComponentKind where Product == PreparedHandler {
    static var memory: Self {
        Self(
            names: ["logging.handlers.MemoryHandler", "MemoryHandler"],
            parameters: [
                .init("capacity", .int, required: true), .init("flushLevel", .level), .init("target", .handler),
                .init("flushOnClose", .bool),
            ]
        ) { arguments, context in
            PreparedHandler(
                MemoryHandler(
                    capacity: arguments.int("capacity") ?? 0,
                    flushLevel: arguments.int("flushLevel").map(Level.init(_:)) ?? .error,
                    target: try context.handler(arguments["target"]),
                    flushOnClose: arguments.bool("flushOnClose") ?? true))
        }
    }

    static var null: Self {
        Self(names: ["logging.NullHandler", "NullHandler"]) { _, _ in PreparedHandler(NullHandler()) }
    }

    static var stream: Self {
        Self(
            names: ["logging.StreamHandler", "StreamHandler"],
            parameters: [
                .init("stream", .stream), .init("strm", .stream), .init("color", .string), .init("colors", .object),
            ],
            check: { _ = try StreamColors($0) }
        ) { arguments, context in
            let handler = StreamHandler(context.stream(arguments["stream"] ?? arguments["strm"]))
            try StreamColors(arguments).apply(to: handler, context.system.levelNames)
            return PreparedHandler(handler)
        }
    }

    static var file: Self {
        Self(
            names: ["logging.FileHandler", "FileHandler"],
            parameters: [
                .init("filename", .string, required: true), .init("mode", .string), .init("encoding", .string),
                .init("delay", .bool), .init("errors", .string), .init("buffer_size", .int),
                .init("flush_level", .level),
            ],
            check: { try FileArguments($0).check() }, make: { try FileArguments($0).prepare($1) })
    }
}

/// `color = "auto"`, `colors = {ERROR = "bold red"}` of stream handlers.
public struct StreamColors: Sendable {
    private let mode: LevelColors.Mode
    private let colors: LogFields

    /// - Throws: `LoggingError` of kind `.value` for a mode or a colour that is not known.
    public init(_ arguments: ComponentArguments) throws {
        let name = arguments.string("color") ?? "never"
        guard let mode = LevelColors.Mode(rawValue: name) else {
            throw LoggingError(
                .value, "color must be \"auto\", \"always\" or \"never\", got \(PythonText.quoted(name))")
        }
        self.mode = mode
        colors = arguments.fields("colors") ?? LogFields()
    }

    /// Sets the mode alone.
    public func applyMode(to handler: StreamHandler) { handler.colorMode = mode }

    public func apply(to handler: StreamHandler, _ levels: LevelNames) throws {
        var chosen = LevelColors.standard
        for field in colors {
            guard case .string(let color) = field.value else {
                throw LoggingError(.type, "colors: expected a string for \(field.name)")
            }
            try chosen.set(levels.checkedLevel(named: field.name), to: color)
        }
        handler.colors = chosen
        handler.colorMode = mode
    }
}

/// The arguments of a file handler, and how to make one without touching the file's content.
private struct FileArguments {
    let path: String
    let mode: FileSink.Mode
    let delay: Bool
    let buffering: FileSink.Buffering
    let flushLevel: Level
    private let encoding: String?
    private let errors: String?

    init(_ arguments: ComponentArguments) throws {
        path = SystemCall.absolutePath(arguments.string("filename") ?? "")
        mode = try FileOptions.mode(arguments.string("mode") ?? "a")
        delay = arguments.bool("delay") ?? false
        let size = arguments.int("buffer_size") ?? 0
        buffering = size > 0 ? .buffered(bytes: size) : .writeThrough
        flushLevel = arguments.int("flush_level").map(Level.init(_:)) ?? .error
        encoding = arguments.string("encoding")
        errors = arguments.string("errors")
    }

    func check() throws { _ = try TextEncoder.named(encoding, errors: errors) }

    private func handler(_ file: FileSink) throws -> FileHandler {
        FileHandler(
            file: file, flushLevel: flushLevel, encoder: try TextEncoder.named(encoding, errors: errors),
            encoding: encoding, errors: errors, delay: delay)
    }

    func prepare(_ context: PreparationContext) throws -> PreparedHandler {
        if let old = context.claim(FileHandler.self, where: fits) {
            return PreparedHandler(try handler(old.file), takingOver: old)
        }
        let file =
            delay
            ? try FileSink(path: path, mode: mode, delay: true, buffering: buffering)
            : try FileSink.prepared(path: path, mode: mode, buffering: buffering)
        return PreparedHandler(
            try handler(file), commit: file.commit, rollBack: file.rollBack)
    }

    /// An open file is kept when what was asked for still holds. One that is to be emptied was emptied when it was
    /// opened in that mode: applying the same configuration again loses nothing.
    private func fits(_ old: FileHandler) -> Bool {
        old.baseFilename == path && old.file.buffering == buffering && old.file.isOpen
            && (mode == old.file.mode || mode == .append)
    }
}

extension ComponentKind where Product == PreparedHandler {
    static var watchedFile: Self {
        file(
            "WatchedFileHandler", parameters: [.init("mode", .string)],
            fits: { (old: WatchedFileHandler, wanted) in
                old.mode == wanted.mode && old.file.encoding == wanted.file.encoding
            },
            share: { WatchedFileHandler(file: $0.file) }
        ) { arguments, path in
            try WatchedFileHandler(
                path, mode: FileOptions.mode(arguments.string("mode") ?? "a"), delay: arguments.bool("delay") ?? false,
                encoding: encoding(arguments))
        }
    }

    static var rotatingFile: Self {
        file(
            "RotatingFileHandler",
            parameters: [.init("mode", .string), .init("maxBytes", .int), .init("backupCount", .int)] + rotation,
            fits: { (old: RotatingFileHandler, wanted) in
                old.mode == wanted.mode && old.file.hasSameRotation(as: wanted.file)
                    && old.maxBytes == wanted.maxBytes && old.backupCount == wanted.backupCount
            },
            share: { RotatingFileHandler(sharing: $0) }
        ) { arguments, path in
            let size = arguments.int("maxBytes") ?? 0
            return try RotatingFileHandler(
                path, mode: size > 0 ? .append : FileOptions.mode(arguments.string("mode") ?? "a"),
                maxBytes: size, backupCount: arguments.int("backupCount") ?? 0,
                compress: arguments.bool("compress") ?? false,
                multiProcess: arguments.bool("multi_process") ?? true, delay: arguments.bool("delay") ?? false,
                encoding: encoding(arguments))
        }
    }

    static var timedRotatingFile: Self {
        file(
            "TimedRotatingFileHandler",
            parameters: [
                .init("when", .string), .init("interval", .int), .init("backupCount", .int), .init("utc", .bool),
                .init("atTime", .any),
            ] + rotation,
            fits: { (old: TimedRotatingFileHandler, wanted) in
                old.schedule == wanted.schedule && old.file.hasSameRotation(as: wanted.file)
                    && old.backupCount == wanted.backupCount
            },
            share: { TimedRotatingFileHandler(sharing: $0) }
        ) { arguments, path in
            let schedule = try RotationSchedule(
                when: arguments.string("when") ?? "h", interval: arguments.int("interval") ?? 1,
                utc: arguments.bool("utc") ?? false,
                atTime: arguments["atTime"].map { value throws(LoggingError) in
                    try RotationSchedule.TimeOfDay(value)
                })
            return try TimedRotatingFileHandler(
                path, schedule, backupCount: arguments.int("backupCount") ?? 0,
                compress: arguments.bool("compress") ?? false,
                multiProcess: arguments.bool("multi_process") ?? true, delay: arguments.bool("delay") ?? false,
                encoding: encoding(arguments))
        }
    }

    private static func encoding(_ arguments: ComponentArguments) throws(LoggingError) -> FileEncoding {
        try FileEncoding(arguments.string("encoding"), errors: arguments.string("errors"))
    }

    private static var rotation: [ComponentParameter] { [.init("compress", .bool), .init("multi_process", .bool)] }

    /// A kind of handler whose file is a `RotatingFile`.
    /// - Parameters:
    ///   - fits: whether a handler in use writes as the wanted one would; then they share the file, and nothing is lost or emptied.
    ///   - make: makes one whose file is not open yet.
    private static func file<Kind: ManagedFileHandler>(
        _ name: String, parameters: [ComponentParameter], fits: @escaping @Sendable (Kind, Kind) -> Bool,
        share: @escaping @Sendable (Kind) -> Kind,
        make: @escaping @Sendable (ComponentArguments, String) throws -> Kind
    ) -> Self {
        let common: [ComponentParameter] = [
            .init("filename", .string, required: true), .init("encoding", .string), .init("delay", .bool),
            .init("errors", .string),
        ]
        @Sendable func unopened(_ arguments: ComponentArguments) throws -> Kind {
            try make(arguments, SystemCall.absolutePath(arguments.string("filename") ?? ""))
        }
        return Self(
            names: ["logging.handlers.\(name)", name], parameters: common + parameters,
            check: { _ = try unopened($0) }
        ) { arguments, context in
            let handler = try unopened(arguments)
            if let old = context.claim(
                Kind.self, where: { $0.baseFilename == handler.baseFilename && $0.file.isOpen && fits($0, handler) })
            {
                return PreparedHandler(share(old), takingOver: old)
            }
            if arguments.bool("delay") == true { return PreparedHandler(handler) }
            try handler.file.prepare()
            return PreparedHandler(handler, commit: handler.file.commit, rollBack: handler.file.rollBack)
        }
    }
}

extension RotationSchedule.TimeOfDay {
    /// Reads `"03:30"`, `"03:30:00"` or `{hour = 3, minute = 30}`.
    public init(_ value: ConfigurationValue) throws(LoggingError) {
        switch value {
        case .string(let text):
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            let numbers = parts.compactMap { Int($0) }
            guard numbers.count == parts.count, 2...3 ~= numbers.count else { break }
            self.init(hour: numbers[0], minute: numbers[1], second: numbers.count > 2 ? numbers[2] : 0)
            return
        case .object(let entries):
            func part(_ names: String...) -> Int {
                for case .int(let number)? in names.map({ entries[$0] }) { return Int(number) }
                return 0
            }
            self.init(hour: part("hour"), minute: part("minute", "min"), second: part("second", "sec"))
            return
        default: break
        }
        throw LoggingError(.value, "atTime: expected a time such as \"03:30\", got \(value.shown)")
    }
}

internal import Glibc

extension LoggingSystem {
    /// Reads an INI file in the schema of Python's `logging.config.fileConfig` and applies it, wholly or not at all.
    ///
    /// Arguments of handlers are literals; nothing in the file is evaluated.
    /// - Parameters:
    ///   - defaults: options that every section has, for `%(name)s`.
    ///   - disableExistingLoggers: disables the loggers that the file does not name.
    /// - Throws: `LoggingError` with Python's texts for a file that is missing (`.operatingSystem`) or no INI file, `ConfigurationError` for
    ///   what it says. Nothing has changed then.
    public func fileConfig(
        _ path: String, defaults: [String: String] = [:], disableExistingLoggers: Bool = true
    ) throws {
        var state = stat()
        guard stat(path, &state) == 0 else {
            throw LoggingError(.operatingSystem, "\(path) doesn't exist", errorNumber: ENOENT)
        }
        guard state.st_size > 0 else { throw LoggingError(.runtime, "\(path) is an empty file") }
        try fileConfig(
            text: WholeFile.text(of: path), source: path, defaults: defaults,
            disableExistingLoggers: disableExistingLoggers)
    }

    /// As above, for a text that was read already.
    /// - Parameter source: how the text is named in errors.
    public func fileConfig(
        text: String, source: String, defaults: [String: String] = [:], disableExistingLoggers: Bool = true
    ) throws {
        let file = try IniFile(text, source: source, defaults: defaults)
        try dictConfig(FileConfiguration(file).tree(disableExistingLoggers: disableExistingLoggers))
    }
}

/// The sections of Python's `fileConfig` as the tree that `dictConfig` takes.
private struct FileConfiguration {
    private let file: IniFile

    init(_ file: IniFile) { self.file = file }

    func tree(disableExistingLoggers: Bool) throws(LoggingError) -> ConfigurationValue {
        var formatters: [String: ConfigurationValue] = [:], handlers: [String: ConfigurationValue] = [:]
        for name in try names(in: "formatters") { formatters[name] = try formatter("formatter_\(name)") }
        for name in try names(in: "handlers") { handlers[name] = try handler("handler_\(name)") }
        var loggers: [String: ConfigurationValue] = [:]
        for name in try names(in: "loggers") where name != "root" {
            let section = "logger_\(name)"
            loggers[try required(section, "qualname")] = try logger(section)
        }
        return .object([
            "version": 1, "formatters": .object(formatters), "handlers": .object(handlers),
            "loggers": .object(loggers), "root": try logger("logger_root"),
            "disable_existing_loggers": .bool(disableExistingLoggers),
        ])
    }

    private func formatter(_ section: String) throws(LoggingError) -> ConfigurationValue {
        try check(section)
        var entries: [String: ConfigurationValue] = [:]
        // What is a format is not expanded: it has percent signs of its own.
        for option in ["format", "datefmt", "style"] {
            if let text = file.raw(section, option) { entries[option] = .string(text) }
        }
        if let text = file.raw(section, "defaults") { entries["defaults"] = try literal(text, section, "defaults") }
        if let name = try file.value(section, "class"), !name.isEmpty { entries["class"] = .string(name) }
        return .object(entries)
    }

    private func handler(_ section: String) throws(LoggingError) -> ConfigurationValue {
        try check(section)
        let name = HandlerSignatures.fullName(try required(section, "class"))
        var entries: [String: ConfigurationValue] = ["class": .string(name)]
        let arguments = try literal(file.value(section, "args") ?? "()", section, "args")
        guard case .array(let values) = arguments else {
            throw problem(section, "args", "expected a tuple, such as ('app.log',)")
        }
        if let known = HandlerSignatures.parameters[name] {
            guard values.count <= known.count else {
                throw problem(section, "args", "\(name) takes at most \(known.count) arguments by position")
            }
            for (parameter, value) in zip(known, values) { entries[parameter] = value }
        } else if !values.isEmpty {
            // Whether the class exists is for the reader of the tree to tell.
            entries["args"] = arguments
        }
        let named = try literal(file.value(section, "kwargs") ?? "{}", section, "kwargs")
        guard case .object(let others) = named else { throw problem(section, "kwargs", "expected a dictionary") }
        entries.merge(others) { $1 }
        for option in ["level", "formatter", "target"] {
            if let text = try file.value(section, option), !text.isEmpty { entries[option] = .string(text) }
        }
        return .object(entries)
    }

    private func logger(_ section: String) throws(LoggingError) -> ConfigurationValue {
        try check(section)
        let handlers = try required(section, "handlers")
        var entries: [String: ConfigurationValue] = ["handlers": .array(words(handlers).map { .string($0) })]
        if let level = try file.value(section, "level") { entries["level"] = .string(level) }
        guard section != "logger_root" else { return .object(entries) }
        let propagate = try file.value(section, "propagate") ?? "1"
        guard let number = Int(propagate) else { throw problem(section, "propagate", "expected 0 or 1") }
        entries["propagate"] = .bool(number != 0)
        return .object(entries)
    }

    // MARK: Options

    private func names(in section: String) throws(LoggingError) -> [String] { words(try required(section, "keys")) }

    private func words(_ list: String) -> [String] {
        list.split(separator: ",").map(\.trimmingSpaces).filter { !$0.isEmpty }
    }

    /// The error of a missing section or option is its name, as Python's is.
    private func check(_ section: String) throws(LoggingError) {
        guard file.has(section) else { throw LoggingError(.key, section) }
    }

    private func required(_ section: String, _ option: String) throws(LoggingError) -> String {
        try check(section)
        guard let text = try file.value(section, option) else { throw LoggingError(.key, option) }
        return text
    }

    private func literal(
        _ text: String, _ section: String, _ option: String
    ) throws(LoggingError) -> ConfigurationValue {
        do throws(LoggingError) {
            return try PythonLiteral.read(text, names: HandlerSignatures.names)
        } catch {
            throw problem(section, option, "\(error)")
        }
    }

    private func problem(_ section: String, _ option: String, _ message: String) -> LoggingError {
        LoggingError(.value, "[\(section)] \(option): \(message)")
    }
}

/// What `args` of Python's handlers mean by position, and the names that Python programmers write there.
private enum HandlerSignatures {
    private static let file = ["filename", "mode", "encoding", "delay", "errors"]

    static let parameters: [String: [String]] = [
        "logging.StreamHandler": ["stream"],
        "logging.FileHandler": file,
        "logging.handlers.WatchedFileHandler": file,
        "logging.handlers.RotatingFileHandler": [
            "filename", "mode", "maxBytes", "backupCount", "encoding", "delay", "errors",
        ],
        "logging.handlers.TimedRotatingFileHandler": [
            "filename", "when", "interval", "backupCount", "encoding", "delay", "utc", "atTime", "errors",
        ],
        "logging.handlers.MemoryHandler": ["capacity", "flushLevel", "target", "flushOnClose"],
        "logging.handlers.SocketHandler": ["host", "port"],
        "logging.handlers.DatagramHandler": ["host", "port"],
        "logging.handlers.SysLogHandler": ["address", "facility", "socktype"],
        "logging.handlers.SMTPHandler": [
            "mailhost", "fromaddr", "toaddrs", "subject", "credentials", "secure", "timeout",
        ],
        "logging.handlers.HTTPHandler": ["host", "url", "method", "secure", "credentials", "context"],
    ]

    static let names: [String: ConfigurationValue] = {
        var names: [String: ConfigurationValue] = [
            "sys.stdout": "ext://sys.stdout", "sys.stderr": "ext://sys.stderr",
            "NOTSET": 0, "DEBUG": 10, "INFO": 20, "WARN": 30, "WARNING": 30, "ERROR": 40, "CRITICAL": 50, "FATAL": 50,
        ]
        let ports: [String: ConfigurationValue] = [
            "DEFAULT_TCP_LOGGING_PORT": 9020, "DEFAULT_UDP_LOGGING_PORT": 9021, "DEFAULT_HTTP_LOGGING_PORT": 9022,
            "SYSLOG_UDP_PORT": 514, "SYSLOG_TCP_PORT": 514,
        ]
        for (name, port) in ports { names["handlers." + name] = port }
        let facilities = [
            "KERN", "USER", "MAIL", "DAEMON", "AUTH", "SYSLOG", "LPR", "NEWS", "UUCP", "CRON", "AUTHPRIV", "FTP",
        ]
        for (number, facility) in facilities.enumerated() {
            names["handlers.SysLogHandler.LOG_" + facility] = .int(Int64(number))
        }
        for number in 0..<8 { names["handlers.SysLogHandler.LOG_LOCAL\(number)"] = .int(Int64(16 + number)) }
        return names
    }()

    /// `handlers.X`, `StreamHandler` and the like in full, where they are known so.
    static func fullName(_ name: String) -> String {
        for prefix in ["", "logging.", "logging.handlers."] where parameters[prefix + name] != nil {
            return prefix + name
        }
        return name.hasPrefix("handlers.") ? "logging." + name : name
    }
}

/// Reads small files whole.
private enum WholeFile {
    /// Larger ones are no configurations.
    private static let limit = 16 << 20

    static func text(of path: String) throws -> String {
        let descriptor = try SystemCall.openFile(path, O_RDONLY)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemCall.failure(PythonText.quoted(path)) }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += part[..<count]
            guard bytes.count <= limit else { throw LoggingError(.runtime, "\(path) is larger than \(limit) bytes") }
        }
    }
}

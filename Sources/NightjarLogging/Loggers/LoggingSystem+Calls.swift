/// Python's module-level functions: calls of the root logger, after a `basicConfig()` if it has no handler yet.
extension LoggingSystem {
    /// Logs at level DEBUG (10).
    public func debug(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        log(.debug, message(), fields(), fileID: fileID, line: line, function: function)
    }

    /// Logs at level INFO (20).
    public func info(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        log(.info, message(), fields(), fileID: fileID, line: line, function: function)
    }

    /// Logs at level WARNING (30).
    public func warning(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        log(.warning, message(), fields(), fileID: fileID, line: line, function: function)
    }

    /// Logs at level ERROR (40).
    public func error(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        log(.error, message(), fields(), fileID: fileID, line: line, function: function)
    }

    /// Logs at level CRITICAL (50).
    public func critical(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        log(.critical, message(), fields(), fileID: fileID, line: line, function: function)
    }

    /// Logs at any level, with the text of an error if there is one.
    public func log(
        _ level: Level, _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        error: (any Error)? = nil, fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        ensureRootHandler()
        root.log(level, message(), fields(), error: error, fileID: fileID, line: line, function: function)
    }

    /// Logs at level ERROR (40) with the text of `error` on a line of its own.
    public func exception(
        _ message: @autoclosure () -> String, error: any Error,
        _ fields: @autoclosure () -> LogFields = LogFields(), fileID: String = #fileID, line: Int = #line,
        function: String = #function
    ) {
        log(.error, message(), fields(), error: error, fileID: fileID, line: line, function: function)
    }

    /// What the functions above do first: gives the root logger a handler on standard error if it has none.
    public func ensureRootHandler() {
        // The defaults cannot be refused.
        if root.handlers.isEmpty { try? basicConfig() }
    }
}

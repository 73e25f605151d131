/// The calls of `Logger+Calls.swift` for messages that are in a `String` already, or that only `String` knows how to put together. Literals go
/// by the others, which make no `String`.
extension Logger {
    /// Logs at level DEBUG (10).
    @inlinable @_disfavoredOverload
    public func debug(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: .debug) else { return }
        write(.debug, LogMessage(message()), fields(), nil, fileID, line, function)
    }

    /// Logs at level INFO (20).
    @inlinable @_disfavoredOverload
    public func info(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: .info) else { return }
        write(.info, LogMessage(message()), fields(), nil, fileID, line, function)
    }

    /// Logs at level WARNING (30).
    @inlinable @_disfavoredOverload
    public func warning(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: .warning) else { return }
        write(.warning, LogMessage(message()), fields(), nil, fileID, line, function)
    }

    /// Logs at level ERROR (40).
    @inlinable @_disfavoredOverload
    public func error(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: .error) else { return }
        write(.error, LogMessage(message()), fields(), nil, fileID, line, function)
    }

    /// Logs at level CRITICAL (50).
    @inlinable @_disfavoredOverload
    public func critical(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: .critical) else { return }
        write(.critical, LogMessage(message()), fields(), nil, fileID, line, function)
    }

    /// Logs at any level, with the text of an error if there is one.
    @inlinable @_disfavoredOverload
    public func log(
        _ level: Level, _ message: @autoclosure () -> String, _ fields: @autoclosure () -> LogFields = LogFields(),
        error: (any Error)? = nil, fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: level) else { return }
        write(level, LogMessage(message()), fields(), error, fileID, line, function)
    }

    /// Logs at level ERROR (40) with the text of `error` on a line of its own.
    @inlinable @_disfavoredOverload
    public func exception(
        _ message: @autoclosure () -> String, error: any Error,
        _ fields: @autoclosure () -> LogFields = LogFields(), fileID: String = #fileID, line: Int = #line,
        function: String = #function
    ) {
        guard isEnabled(for: .error) else { return }
        write(.error, LogMessage(message()), fields(), error, fileID, line, function)
    }
}

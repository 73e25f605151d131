/// The calls of a program. The message is built only when the level is enabled; `fields` are named values that
/// formatters, filters and handlers find on the record. Nothing here throws: a handler that fails is reported.
extension Logger {
    /// Logs at level DEBUG (10).
    @inlinable
    public func debug(
        _ message: @autoclosure () -> LogMessage, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: .debug) else { return }
        write(.debug, message(), fields(), nil, fileID, line, function)
    }

    /// Logs at level INFO (20).
    @inlinable
    public func info(
        _ message: @autoclosure () -> LogMessage, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: .info) else { return }
        write(.info, message(), fields(), nil, fileID, line, function)
    }

    /// Logs at level WARNING (30).
    @inlinable
    public func warning(
        _ message: @autoclosure () -> LogMessage, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: .warning) else { return }
        write(.warning, message(), fields(), nil, fileID, line, function)
    }

    /// Logs at level ERROR (40).
    @inlinable
    public func error(
        _ message: @autoclosure () -> LogMessage, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: .error) else { return }
        write(.error, message(), fields(), nil, fileID, line, function)
    }

    /// Logs at level CRITICAL (50).
    @inlinable
    public func critical(
        _ message: @autoclosure () -> LogMessage, _ fields: @autoclosure () -> LogFields = LogFields(),
        fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: .critical) else { return }
        write(.critical, message(), fields(), nil, fileID, line, function)
    }

    /// Logs at any level, with the text of an error if there is one.
    @inlinable
    public func log(
        _ level: Level, _ message: @autoclosure () -> LogMessage, _ fields: @autoclosure () -> LogFields = LogFields(),
        error: (any Error)? = nil, fileID: String = #fileID, line: Int = #line, function: String = #function
    ) {
        guard isEnabled(for: level) else { return }
        write(level, message(), fields(), error, fileID, line, function)
    }

    /// Logs at level ERROR (40) with the text of `error` on a line of its own.
    @inlinable
    public func exception(
        _ message: @autoclosure () -> LogMessage, error: any Error,
        _ fields: @autoclosure () -> LogFields = LogFields(), fileID: String = #fileID, line: Int = #line,
        function: String = #function
    ) {
        guard isEnabled(for: .error) else { return }
        write(.error, message(), fields(), error, fileID, line, function)
    }
}

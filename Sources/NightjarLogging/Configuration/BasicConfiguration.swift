/// The arguments of `basicConfig`, with Python's defaults.
public struct BasicConfiguration: Sendable {
    /// Writes to a file instead of standard error.
    public var filename: String?
    /// `a` or `w`.
    public var filemode: String?
    public var format: String?
    public var dateFormat: String?
    /// `%`, or another style's name.
    public var style = "%"
    /// The level of the root logger, if it is to change.
    public var level: Level?
    public var stream: (any Sink)?
    public var handlers: [any Handler]?
    /// Removes and closes the root's handlers first.
    public var force = false
    public var encoding: String?
    public var errors: String?

    public init() {}
}

extension LoggingSystem {
    /// Gives the root logger handlers, unless it has some already (`logging.basicConfig`).
    ///
    /// Everything is checked, and a file opened, before anything changes.
    /// - Throws: `LoggingError` with Python's texts.
    public func basicConfig(_ options: BasicConfiguration = BasicConfiguration()) throws {
        try options.check()
        // One at a time, so that two first calls on two threads do not both add a handler.
        let retirement: Retirement? = try applyLock.withLock {
            let old = root.handlers
            guard options.force || old.isEmpty else { return nil }
            let style = try FormatStyle.named(options.style)
            let formatter = try StandardFormatter(
                options.format ?? style.basicFormat, dateFormat: options.dateFormat, style: style)
            let handlers = try options.makeHandlers(standardError: standardError)
            for handler in handlers where handler.formatter == nil { handler.formatter = formatter }
            let ended = replaceRootHandlers(old, with: handlers, level: options.level)
            return Retirement(of: old, after: ended, reporter: reporter)
        }
        retirement?.run(deadline: .seconds(5))
    }

    private func replaceRootHandlers(_ old: [any Handler], with new: [any Handler], level: Level?) -> OneShotEvent {
        tree.change { state in
            let gone = Set(old.map(ObjectIdentifier.init))
            for handler in old { state.handlers.remove(handler) }
            state.nodes[LoggerNodes.root].handlers.removeAll { gone.contains(ObjectIdentifier($0)) }
            for handler in new {
                state.nodes[LoggerNodes.root].handlers.append(handler)
            }
            if let level { state.nodes[LoggerNodes.root].level = level }
            defer { state.generation = Generation() }
            return state.generation.ended
        }
    }
}

extension BasicConfiguration {
    fileprivate func check() throws(LoggingError) {
        guard handlers != nil else {
            guard stream == nil || filename == nil else {
                throw LoggingError(.value, "'stream' and 'filename' should not be specified together")
            }
            return
        }
        guard stream == nil, filename == nil else {
            throw LoggingError(
                .value, "'stream' or 'filename' should not be specified together with 'handlers'")
        }
    }

    fileprivate func makeHandlers(standardError: any Sink) throws -> [any Handler] {
        if let handlers { return handlers }
        guard let filename else { return [StreamHandler(stream ?? standardError)] }
        return [
            try FileHandler(filename, mode: filemode ?? "a", encoding: encoding, errors: errors ?? "backslashreplace")
        ]
    }
}

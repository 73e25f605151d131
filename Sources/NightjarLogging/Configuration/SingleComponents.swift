extension LoggingSystem {
    /// Makes one handler as a configuration describes it: `["class": "my.Handler", "level": "INFO", ...]`, where the class is any that
    /// configurations can name, the application's included. It is in no logger yet.
    /// - Throws: `ConfigurationError`.
    public func makeHandler(_ description: ConfigurationValue) throws(ConfigurationError) -> any Handler {
        let prepared = try prepare(["handlers": ["handler": description]])
        guard let handler = prepared.handlers["handler"] else { throw Self.missing("handler") }
        handler.commit()
        handler.handler.name = nil
        register(handler.handler)
        return handler.handler
    }

    /// As ``makeHandler(_:)``, for a formatter.
    public func makeFormatter(_ description: ConfigurationValue) throws(ConfigurationError) -> any Formatter {
        let prepared = try prepare([
            "formatters": ["formatter": description],
            "handlers": ["handler": ["class": "logging.NullHandler", "formatter": "formatter"]],
        ])
        guard let formatter = prepared.handlers["handler"]?.handler.formatter else { throw Self.missing("formatter") }
        return formatter
    }

    /// As ``makeHandler(_:)``, for a filter.
    public func makeFilter(_ description: ConfigurationValue) throws(ConfigurationError) -> any Filter {
        let prepared = try prepare(["filters": ["filter": description]])
        guard let filter = prepared.filters["filter"] else { throw Self.missing("filter") }
        return filter
    }

    private func prepare(
        _ sections: [String: ConfigurationValue]
    ) throws(ConfigurationError) -> PreparedConfiguration {
        var tree = sections
        tree["version"] = 1
        let configuration = try LoggingConfiguration(from: .object(tree), levels: levelNames, registry: registry)
        var preparation = ConfigurationPreparation(configuration, system: self, current: [])
        return try preparation.prepare()
    }

    private static func missing(_ what: String) -> ConfigurationError {
        ConfigurationError([.init(path: what, message: "could not be made")])
    }
}

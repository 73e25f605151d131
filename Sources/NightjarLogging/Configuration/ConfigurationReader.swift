/// Turns a tree of values into a `LoggingConfiguration` and notes everything that is wrong with it.
struct ConfigurationReader {
    let levels: LevelNames
    let registry: ComponentRegistry
    private(set) var problems: [ConfigurationError.Problem] = []
    private var isIncremental = false

    typealias Entries = [String: ConfigurationValue]

    init(levels: LevelNames, registry: ComponentRegistry) {
        self.levels = levels
        self.registry = registry
    }

    /// - Parameter sections: entries beside the known ones that `cfg://` references lead into.
    mutating func read(_ tree: ConfigurationValue, referredTo sections: Set<String>) -> LoggingConfiguration {
        var result = LoggingConfiguration()
        guard let entries = object(tree, at: "") else { return result }
        let known = [
            "version", "formatters", "filters", "handlers", "loggers", "root", "incremental",
            "disable_existing_loggers",
        ]
        refuseUnknown(entries.filter { !sections.contains($0.key) }, known: known, at: "")
        readVersion(entries["version"])
        result.incremental = bool(entries["incremental"], at: "incremental") ?? false
        isIncremental = result.incremental
        result.disableExistingLoggers =
            bool(entries["disable_existing_loggers"], at: "disable_existing_loggers") ?? true
        for (name, value) in section(entries, "formatters") {
            result.formatters[name] = formatter(value, at: "formatters.\(name)")
        }
        for (name, value) in section(entries, "filters") {
            result.filters[name] = filter(value, at: "filters.\(name)")
        }
        let names = Names(
            formatters: section(entries, "formatters").map(\.key), filters: section(entries, "filters").map(\.key),
            handlers: section(entries, "handlers").map(\.key))
        for (name, value) in section(entries, "handlers") {
            result.handlers[name] = handler(value, at: "handlers.\(name)", names)
        }
        for (name, value) in section(entries, "loggers") {
            result.loggers[name] = logger(value, at: "loggers.\(name)", names)
        }
        if let root = present(entries["root"]) { result.root = logger(root, at: "root", names) }
        checkSections(entries)
        return result
    }

    /// The names that other parts may refer to, whether or not what they name is in order.
    private struct Names {
        var formatters: [String]
        var filters: [String]
        var handlers: [String]
    }

    private mutating func readVersion(_ value: ConfigurationValue?) {
        switch value {
        case .int(1)?: break
        case nil, .null?: complain("version", "missing; must be 1")
        case let other?: complain("version", "unsupported version \(other.shown); must be 1", value: other.shown)
        }
    }

    // MARK: Components

    private mutating func formatter(_ value: ConfigurationValue, at path: String) -> LoggingConfiguration.Component? {
        component(value, at: path, kinds: registry.formatters, usual: "logging.Formatter", what: "formatter class")
    }

    private mutating func filter(_ value: ConfigurationValue, at path: String) -> LoggingConfiguration.Component? {
        component(value, at: path, kinds: registry.filters, usual: "logging.Filter", what: "filter class")
    }

    private mutating func handler(
        _ value: ConfigurationValue, at path: String, _ names: Names
    ) -> LoggingConfiguration.HandlerDescription? {
        guard var entries = object(value, at: path) else { return nil }
        var result = LoggingConfiguration.HandlerDescription(nil)
        result.level = level(entries.removeValue(forKey: "level"), at: path + ".level")
        if let name = string(entries.removeValue(forKey: "formatter"), at: path + ".formatter") {
            refer(to: name, among: names.formatters, what: "formatter", at: path + ".formatter")
            result.formatter = name
        }
        result.filters = filters(entries.removeValue(forKey: "filters"), at: path + ".filters", names)
        if let attributes = present(entries.removeValue(forKey: ".")) {
            let place = path + "[\".\"]"
            result.attributes = object(attributes, at: place) ?? [:]
            // It is the handler's own level, and as in Python set last.
            result.level = level(result.attributes.removeValue(forKey: "level"), at: place + ".level") ?? result.level
        }
        // As in Python, an incremental configuration looks at levels only.
        if isIncremental { return result }
        let standard = (present(entries["()"]) ?? entries["class"]).flatMap(handlerKind)?.delivery
        result.fallback = fallback(entries.removeValue(forKey: "fallback"), at: path + ".fallback", names)
        let delivery = DeliveryReading(
            async: entries.removeValue(forKey: "async"), retry: entries.removeValue(forKey: "retry"),
            hasFallback: result.fallback != nil, standard: standard, levels: levels, at: path)
        problems += delivery.problems
        result.delivery = delivery.options
        result.component = component(
            .object(entries), at: path, kinds: registry.handlers, usual: nil, what: "handler class")
        return result
    }

    private func handlerKind(_ value: ConfigurationValue) -> ComponentKind<PreparedHandler>? {
        switch value {
        case .string(let name): registry.handlers[name]
        case .native(let object): object as? ComponentKind<PreparedHandler>
        default: nil
        }
    }

    private mutating func fallback(
        _ value: ConfigurationValue?, at path: String, _ names: Names
    ) -> ConfigurationValue? {
        guard let value = present(value) else { return nil }
        if case .native(let object) = value, object is any Handler { return value }
        guard let name = string(value, at: path) else { return nil }
        refer(to: name, among: names.handlers, what: "handler", at: path)
        return value
    }

    private mutating func component<Product>(
        _ value: ConfigurationValue, at path: String, kinds: [String: ComponentKind<Product>], usual: String?,
        what: String
    ) -> LoggingConfiguration.Component? {
        guard var entries = object(value, at: path) else { return nil }
        let key = present(entries["()"]) != nil ? "()" : "class"
        let named = present(entries.removeValue(forKey: key)) ?? usual.map(ConfigurationValue.string)
        guard let (kind, definition) = kind(named, at: path, key, kinds, what) else { return nil }
        let arguments = arguments(entries, of: definition, at: path)
        return LoggingConfiguration.Component(kind: kind, arguments: arguments)
    }

    /// Classes that scripts derive handlers from, and that write nothing themselves.
    private static let baseClasses: Set<String> = [
        "logging.Handler", "Handler", "logging.handlers.BaseRotatingHandler", "BaseRotatingHandler",
    ]

    private mutating func kind<Product>(
        _ value: ConfigurationValue?, at path: String, _ key: String, _ kinds: [String: ComponentKind<Product>],
        _ what: String
    ) -> (LoggingConfiguration.Component.Kind, ComponentKind<Product>)? {
        let place = key == "()" ? path + "[\"()\"]" : path + ".class"
        switch value {
        case nil:
            complain(path, "missing \"class\"")
        case .string(let name)?:
            if let definition = kinds[name] { return (.named(name), definition) }
            guard !Self.baseClasses.contains(name) else {
                complain(
                    place, "\"\(name)\" is only the base of other classes; name one that writes records", value: name)
                return nil
            }
            let nearest = NearestName.find(name, among: kinds.keys)
            complain(place, "unknown \(what) \"\(name)\"", value: name, suggestion: nearest)
        case .native(let object)?:
            if let definition = object as? ComponentKind<Product> { return (.native(object), definition) }
            complain(place, "expected a \(what), got an object of another kind")
        case let other?:
            complain(place, "expected the name of a \(what), got \(other.shown)", value: other.shown)
        }
        return nil
    }

    private mutating func arguments<Product>(
        _ entries: Entries, of kind: ComponentKind<Product>, at path: String
    ) -> Entries {
        let before = problems.count
        var result: Entries = [:]
        for parameter in kind.parameters {
            guard let value = present(entries[parameter.name]) else {
                if parameter.isRequired { complain(path, "missing \"\(parameter.name)\"") }
                continue
            }
            result[parameter.name] = argument(value, parameter, at: "\(path).\(parameter.name)")
        }
        if kind.allowsOtherArguments {
            result.merge(entries) { checked, _ in checked }
        } else {
            refuseUnknown(entries, known: kind.parameters.map(\.name), at: path)
        }
        guard problems.count == before else { return result }
        do { try kind.check(ComponentArguments(result)) } catch { complain(path, "\(error)") }
        return result
    }

    private mutating func argument(
        _ value: ConfigurationValue, _ parameter: ComponentParameter, at path: String
    ) -> ConfigurationValue? {
        if parameter.expectation == .level {
            return level(value, at: path).map { .int(Int64($0.rawValue)) }
        }
        if parameter.expectation.accepts(value) { return value }
        complain(path, "expected \(parameter.expectation.name), got \(value.shown)", value: value.shown)
        return nil
    }

    // MARK: Loggers

    private mutating func logger(
        _ value: ConfigurationValue, at path: String, _ names: Names
    ) -> LoggingConfiguration.LoggerDescription? {
        guard let entries = object(value, at: path) else { return nil }
        refuseUnknown(entries, known: ["level", "propagate", "handlers", "filters"], at: path)
        var result = LoggingConfiguration.LoggerDescription()
        result.level = level(entries["level"], at: path + ".level")
        result.propagate = truth(entries["propagate"], at: path + ".propagate")
        for (index, value) in list(entries["handlers"], at: path + ".handlers").enumerated() {
            let place = "\(path).handlers[\(index)]"
            guard let name = string(value, at: place) else { continue }
            if !isIncremental { refer(to: name, among: names.handlers, what: "handler", at: place) }
            result.handlers.append(name)
        }
        result.filters = filters(entries["filters"], at: path + ".filters", names)
        return result
    }

    private mutating func filters(
        _ value: ConfigurationValue?, at path: String, _ names: Names
    ) -> [LoggingConfiguration.FilterReference] {
        var result: [LoggingConfiguration.FilterReference] = []
        for (index, value) in list(value, at: path).enumerated() {
            let place = "\(path)[\(index)]"
            if case .native(let object) = value, let filter = object as? any Filter {
                result.append(.filter(filter))
            } else if let name = string(value, at: place) {
                if !isIncremental { refer(to: name, among: names.filters, what: "filter", at: place) }
                result.append(.named(name))
            }
        }
        return result
    }

    private mutating func refer(to name: String, among known: [String], what: String, at path: String) {
        guard !known.contains(name) else { return }
        complain(path, "no \(what) named \"\(name)\"", value: name, suggestion: NearestName.find(name, among: known))
    }
}

// MARK: - Values

extension ConfigurationReader {
    private func present(_ value: ConfigurationValue?) -> ConfigurationValue? {
        if case .null? = value { nil } else { value }
    }

    /// The entries of a section by name, so that problems come in a settled order.
    private func section(_ entries: Entries, _ name: String) -> [(key: String, value: ConfigurationValue)] {
        guard case .object(let section)? = entries[name] else { return [] }
        return section.sorted { $0.key < $1.key }
    }

    private mutating func checkSections(_ entries: Entries) {
        for name in ["formatters", "filters", "handlers", "loggers"] {
            if let value = present(entries[name]) { _ = object(value, at: name) }
        }
    }

    private mutating func object(_ value: ConfigurationValue, at path: String) -> Entries? {
        if case .object(let entries) = value { return entries }
        // An empty table of a language without empty dictionaries reads as an empty list.
        if case .array(let elements) = value, elements.isEmpty { return [:] }
        complain(path, "expected a table, got \(value.shown)", value: value.shown)
        return nil
    }

    private mutating func list(_ value: ConfigurationValue?, at path: String) -> [ConfigurationValue] {
        switch present(value) {
        case nil: return []
        case .array(let elements)?: return elements
        case .object(let entries)? where entries.isEmpty: return []
        case let other?:
            complain(path, "expected a list, got \(other.shown)", value: other.shown)
            return []
        }
    }

    private mutating func string(_ value: ConfigurationValue?, at path: String) -> String? {
        switch present(value) {
        case nil: return nil
        case .string(let text)?: return text
        case let other?:
            complain(path, "expected a string, got \(other.shown)", value: other.shown)
            return nil
        }
    }

    /// As Python's users write it: a boolean, a number, or the word `true`. Other words are refused: for Python `"false"` is true.
    private mutating func truth(_ value: ConfigurationValue?, at path: String) -> Bool? {
        switch present(value) {
        case .int(let number)?: return number != 0
        case .string(let text)? where text.lowercased() == "true": return true
        default: return bool(value, at: path)
        }
    }

    private mutating func bool(_ value: ConfigurationValue?, at path: String) -> Bool? {
        switch present(value) {
        case nil: return nil
        case .bool(let flag)?: return flag
        case let other?:
            complain(path, "expected a boolean, got \(other.shown)", value: other.shown)
            return nil
        }
    }

    private mutating func level(_ value: ConfigurationValue?, at path: String) -> Level? {
        switch present(value) {
        case nil: return nil
        case .int(let number)?: return Level(Int(number))
        case .string(let name)?:
            if let level = levels.level(named: name) { return level }
            let nearest = NearestName.find(name, among: levels.mapping.keys)
            complain(path, "unknown level \"\(name)\"", value: name, suggestion: nearest)
            return nil
        case let other?:
            complain(path, "expected a level name or an integer, got \(other.shown)", value: other.shown)
            return nil
        }
    }

    private mutating func refuseUnknown(_ entries: Entries, known: [String], at path: String) {
        for key in entries.keys.sorted() where !known.contains(key) {
            let place = path.isEmpty ? key : "\(path).\(key)"
            var message = "unknown key"
            let nearest = NearestName.find(key, among: known)
            if nearest == nil, !known.isEmpty { message += "; known are " + known.sorted().joined(separator: ", ") }
            complain(place, message, value: key, suggestion: nearest)
        }
    }

    private mutating func complain(
        _ path: String, _ message: String, value: String? = nil, suggestion: String? = nil
    ) {
        problems.append(.init(path: path, message: message, value: value, suggestion: suggestion))
    }
}

extension ComponentParameter.Expectation {
    /// Whether a value is of the kind, whatever it means.
    public func accepts(_ value: ConfigurationValue) -> Bool {
        switch (self, value) {
        case (.any, _), (.string, .string), (.int, .int), (.number, .int), (.number, .double), (.bool, .bool),
            (.object, .object), (.handler, .string):
            true
        case (.handler, .native(let object)): object is any Handler
        case (.stream, .native(let object)): object is StandardStream || object is any Sink
        default: false
        }
    }
}

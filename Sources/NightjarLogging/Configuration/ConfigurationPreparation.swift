internal import Synchronization

/// Makes everything that a configuration asks for, without changing anything that others can see; or takes back
/// what it made.
struct ConfigurationPreparation {
    private let configuration: LoggingConfiguration
    private let system: LoggingSystem
    private let registry: ComponentRegistry
    private let claims: PreparationContext.Claims
    private var formatters: [String: any Formatter] = [:]
    private var problems: [ConfigurationError.Problem] = []

    init(_ configuration: LoggingConfiguration, system: LoggingSystem, current: [any Handler]) {
        self.configuration = configuration
        self.system = system
        registry = system.registry
        claims = PreparationContext.Claims(current)
    }

    mutating func prepare() throws(ConfigurationError) -> PreparedConfiguration {
        var result = PreparedConfiguration()
        let plain = context { name in throw LoggingError(.value, "no handler named \"\(name)\" here") }
        for (name, component) in configuration.formatters.sorted(by: { $0.key < $1.key }) {
            formatters[name] = make(component, registry.formatters, at: "formatters.\(name)", plain)
        }
        for (name, component) in configuration.filters.sorted(by: { $0.key < $1.key }) {
            result.filters[name] = make(component, registry.filters, at: "filters.\(name)", plain)
        }
        checkReferences()
        // Files are opened last, and not at all when something else is wrong.
        if problems.isEmpty { makeHandlers(&result) }
        guard problems.isEmpty else {
            for handler in result.handlers.values { handler.rollBack() }
            throw ConfigurationError(problems)
        }
        return result
    }

    private func context(_ handlerNamed: @escaping @Sendable (String) throws -> any Handler) -> PreparationContext {
        PreparationContext(system: system, claims: claims, handlerNamed: handlerNamed)
    }

    private mutating func make<Product>(
        _ component: LoggingConfiguration.Component, _ kinds: [String: ComponentKind<Product>], at path: String,
        _ context: PreparationContext
    ) -> Product? {
        let kind: ComponentKind<Product>? =
            switch component.kind {
            case .named(let name): kinds[name]
            case .native(let object): object as? ComponentKind<Product>
            }
        guard let kind else {
            problems.append(.init(path: path, message: "unknown class"))
            return nil
        }
        do {
            return try kind.make(ComponentArguments(component.arguments), context)
        } catch {
            problems.append(.init(path: path, message: "\(error)"))
            return nil
        }
    }

    // MARK: Handlers

    /// In the order of their names, but a handler that another asks for comes before it.
    private mutating func makeHandlers(_ result: inout PreparedConfiguration) {
        let workshop = HandlerWorkshop(configuration.handlers, registry.handlers, makeContext: context)
        for name in configuration.handlers.keys.sorted() {
            do { _ = try workshop.handler(named: name) } catch {
                problems.append(.init(path: "handlers.\(name)", message: "\(error)"))
            }
        }
        result.handlers = workshop.made
        for (name, prepared) in result.handlers {
            do { try finish(prepared, name, result) } catch {
                let part = error is AttributeProblem ? "[\".\"]" : ""
                problems.append(.init(path: "handlers.\(name)\(part)", message: "\(error)"))
            }
        }
    }

    private func finish(_ prepared: PreparedHandler, _ name: String, _ result: PreparedConfiguration) throws {
        guard let description = configuration.handlers[name] else { return }
        let handler = prepared.handler
        handler.name = name
        if let level = description.level { handler.level = level }
        if let formatter = description.formatter { handler.formatter = formatters[formatter] }
        for filter in description.filters.compactMap(result.find) { handler.addFilter(filter) }
        if let options = description.delivery {
            let fallback = try fallback(description.fallback, result)
            let old = fallback == nil ? prepared.predecessor : nil
            if old.map({ handler.takeQueue(of: $0, options) }) != true {
                try handler.setDelivery(options, fallback: fallback)
            }
        }
        for (attribute, value) in description.attributes.sorted(by: { $0.key < $1.key }) {
            do {
                let isKnown = try (handler as? any AttributeSettable)?.setAttribute(attribute, to: value) ?? false
                if !isKnown { handler.core.attributes[attribute] = value }
            } catch {
                throw AttributeProblem(description: "\(error)")
            }
        }
    }

    private func fallback(
        _ value: ConfigurationValue?, _ result: PreparedConfiguration
    ) throws -> (any Handler)? {
        switch value {
        case .string(let name)?:
            guard let handler = result.handlers[name]?.handler else {
                throw LoggingError(.value, "no handler named \"\(name)\"")
            }
            return handler
        case .native(let object)?: return object as? any Handler
        default: return nil
        }
    }

    // MARK: References

    /// What reading has checked already, for configurations that were put together in a program.
    private mutating func checkReferences() {
        for (name, handler) in configuration.handlers.sorted(by: { $0.key < $1.key }) {
            let path = "handlers.\(name)"
            if let formatter = handler.formatter, configuration.formatters[formatter] == nil {
                refuse(formatter, "formatter", configuration.formatters.keys, at: path + ".formatter")
            }
            checkFilters(handler.filters, at: path)
        }
        for (name, logger) in configuration.loggers.sorted(by: { $0.key < $1.key }) {
            check(logger, at: "loggers.\(name)")
        }
        if let root = configuration.root { check(root, at: "root") }
    }

    private mutating func check(_ logger: LoggingConfiguration.LoggerDescription, at path: String) {
        for (index, name) in logger.handlers.enumerated() where configuration.handlers[name] == nil {
            refuse(name, "handler", configuration.handlers.keys, at: "\(path).handlers[\(index)]")
        }
        checkFilters(logger.filters, at: path)
    }

    private mutating func checkFilters(_ filters: [LoggingConfiguration.FilterReference], at path: String) {
        for (index, reference) in filters.enumerated() {
            guard case .named(let name) = reference, configuration.filters[name] == nil else { continue }
            refuse(name, "filter", configuration.filters.keys, at: "\(path).filters[\(index)]")
        }
    }

    private mutating func refuse(_ name: String, _ what: String, _ known: some Sequence<String>, at path: String) {
        problems.append(
            .init(
                path: path, message: "no \(what) named \"\(name)\"", value: name,
                suggestion: NearestName.find(name, among: known)))
    }
}

/// What is wrong below a handler's key `.`.
private struct AttributeProblem: Error, CustomStringConvertible {
    let description: String
}

/// Makes handlers on demand, each once, so that one may ask for another while it is made.
private final class HandlerWorkshop: Sendable {
    typealias MakeContext = (@escaping @Sendable (String) throws -> any Handler) -> PreparationContext

    private let descriptions: [String: LoggingConfiguration.HandlerDescription]
    private let kinds: [String: ComponentKind<PreparedHandler>]
    private let state = Mutex(State())
    private let preparationContext: Mutex<PreparationContext?> = Mutex(nil)

    private struct State {
        var made: [String: PreparedHandler] = [:]
        var inProgress: Set<String> = []
        var failed: Set<String> = []
    }

    init(
        _ descriptions: [String: LoggingConfiguration.HandlerDescription],
        _ kinds: [String: ComponentKind<PreparedHandler>], makeContext: MakeContext
    ) {
        self.descriptions = descriptions
        self.kinds = kinds
        let context = makeContext { [weak self] name in
            guard let self else { throw LoggingError(.value, "the configuration is already applied") }
            return try handler(named: name)
        }
        preparationContext.withLock { $0 = context }
    }

    var made: [String: PreparedHandler] { state.withLock { $0.made } }

    func handler(named name: String) throws -> any Handler {
        if let made = state.withLock({ $0.made[name] }) { return made.handler }
        guard let component = descriptions[name]?.component else {
            throw LoggingError(.value, descriptions[name] == nil ? "no handler named \"\(name)\"" : "missing \"class\"")
        }
        let isNew = state.withLock { $0.inProgress.insert(name).inserted }
        guard isNew else { throw LoggingError(.value, "handler \"\(name)\" needs itself") }
        defer { state.withLock { _ = $0.inProgress.remove(name) } }
        let prepared = try make(component)
        state.withLock { $0.made[name] = prepared }
        return prepared.handler
    }

    private func make(_ component: LoggingConfiguration.Component) throws -> PreparedHandler {
        let kind: ComponentKind<PreparedHandler>? =
            switch component.kind {
            case .named(let name): kinds[name]
            case .native(let object): object as? ComponentKind<PreparedHandler>
            }
        guard let kind, let context = preparationContext.withLock({ $0 }) else {
            throw LoggingError(.value, "unknown class")
        }
        return try kind.make(ComponentArguments(component.arguments), context)
    }
}

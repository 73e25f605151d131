internal import Synchronization

/// A handler that is ready but not yet in use, and the two ways this can end.
public struct PreparedHandler: Sendable {
    public let handler: any Handler
    /// Makes the changes that others can see, such as emptying a file. Must not fail.
    public let commit: @Sendable () -> Void
    /// Undoes the preparation.
    public let rollBack: @Sendable () -> Void
    /// The handler in use whose target this one shares.
    let predecessor: (any Handler)?

    public init(
        _ handler: any Handler, commit: @escaping @Sendable () -> Void = {},
        rollBack: @escaping @Sendable () -> Void = {}
    ) {
        self.handler = handler
        self.commit = commit
        self.rollBack = rollBack
        predecessor = nil
    }

    /// A handler that goes on with the target of one in use: an open file, and its queue.
    init(_ handler: any Handler, takingOver old: any Handler) {
        self.handler = handler
        commit = {
            old.core.handOverTarget()
            handler.core.counters.add(old.core.counters)
        }
        rollBack = {}
        predecessor = old
    }
}

/// What a component can ask for while it is made. Thread-safe.
public final class PreparationContext: Sendable {
    public let system: LoggingSystem
    private let handlerNamed: @Sendable (String) throws -> any Handler
    private let claims: Claims

    /// The handlers of the tree that is to be replaced; each can be taken over once.
    final class Claims: Sendable {
        private let free: Mutex<[any Handler]>

        init(_ handlers: [any Handler]) { free = Mutex(handlers) }

        func claim<Kind: Handler>(_ fits: (Kind) -> Bool) -> Kind? {
            free.withLock { free in
                let place = free.firstIndex { ($0 as? Kind).map(fits) ?? false }
                return place.flatMap { free.remove(at: $0) as? Kind }
            }
        }
    }

    init(
        system: LoggingSystem, claims: Claims, handlerNamed: @escaping @Sendable (String) throws -> any Handler
    ) {
        self.system = system
        self.claims = claims
        self.handlerNamed = handlerNamed
    }

    /// Takes over what a handler in use has open: the first that fits and that nobody else has taken. The new handler
    /// then shares its target, and the old one must not close it.
    public func claim<Kind: Handler>(_ kind: Kind.Type = Kind.self, where fits: (Kind) -> Bool) -> Kind? {
        claims.claim(fits)
    }

    /// Another handler of the configuration, for handlers that pass records on.
    public func handler(named name: String) throws -> any Handler { try handlerNamed(name) }

    /// The handler of a `.handler` argument; nil if there is none.
    public func handler(_ value: ConfigurationValue?) throws -> (any Handler)? {
        switch value {
        case .string(let name)?: try handler(named: name)
        case .native(let object)?: object as? any Handler
        default: nil
        }
    }

    /// The sink of a `.stream` argument; standard error if there is none.
    public func stream(_ value: ConfigurationValue?) -> any Sink {
        guard case .native(let object)? = value else { return system.standardError }
        if let sink = object as? any Sink { return sink }
        return object as? StandardStream == .output ? system.standardOutput : system.standardError
    }
}

/// Handlers with attributes that a configuration may set by the key `.`.
public protocol AttributeSettable {
    /// - Returns: false, and nothing done, for a name that means nothing to the handler.
    /// - Throws: if the value does not fit.
    func setAttribute(_ name: String, to value: ConfigurationValue) throws -> Bool
}

extension StreamHandler: AttributeSettable {
    public func setAttribute(_ name: String, to value: ConfigurationValue) throws -> Bool {
        guard name == TerminatorAttribute.name else { return false }
        terminator = try TerminatorAttribute.read(value)
        return true
    }
}

extension FileHandler: AttributeSettable {
    public func setAttribute(_ name: String, to value: ConfigurationValue) throws -> Bool {
        guard name == TerminatorAttribute.name else { return false }
        terminator = try TerminatorAttribute.read(value)
        return true
    }
}

enum TerminatorAttribute {
    static let name = "terminator"

    static func read(_ value: ConfigurationValue) throws(LoggingError) -> String {
        guard case .string(let text) = value else {
            throw LoggingError(.type, "terminator: expected a string, got \(value.shown)")
        }
        return text
    }
}

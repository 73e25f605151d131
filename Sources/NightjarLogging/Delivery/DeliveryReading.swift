/// Reads `async`, `retry` and `fallback` as scripts and configurations write them, and notes everything that is wrong with them.
public struct DeliveryReading: Sendable {
    /// What the handler's delivery is to be; nil for one that delivers on the thread that logs.
    public private(set) var options: DeliveryOptions?
    public private(set) var problems: [ConfigurationError.Problem] = []
    private let path: String
    private let levels: LevelNames

    /// - Parameters:
    ///   - asynchronous: a boolean, or a table of options; nil is what `standard` says.
    ///   - retry: true, or a table of its options.
    ///   - hasFallback: whether another handler is to take what fails, which needs a queue as retrying does.
    ///   - standard: what handlers of this kind do unless told otherwise.
    ///   - levels: the names that `flush_level` may have.
    ///   - path: of the handler, for problems: `handlers.mail`.
    public init(
        async asynchronous: ConfigurationValue?, retry: ConfigurationValue?, hasFallback: Bool,
        standard: DeliveryOptions?, levels: LevelNames = .standard, at path: String = ""
    ) {
        self.levels = levels
        self.path = path
        let retry = present(retry), wantsQueue = retry != nil || hasFallback
        switch present(asynchronous) {
        case nil: options = standard ?? (wantsQueue ? .standard : nil)
        case .bool(true)?: options = standard ?? .standard
        case .bool(false)?:
            if wantsQueue { complain("async", "\"retry\" and \"fallback\" need a queue") }
        case .object(let entries)?: options = read(entries, standard ?? .standard)
        case .array(let elements)? where elements.isEmpty: options = standard ?? .standard
        case let other?: complain("async", "expected a boolean or a table, got \(other.shown)", other)
        }
        if let retry {
            let policy = read(retry: retry)
            options?.retry = policy
        }
    }

    private func present(_ value: ConfigurationValue?) -> ConfigurationValue? {
        if case .null? = value { nil } else { value }
    }

    private mutating func read(_ entries: [String: ConfigurationValue], _ standard: DeliveryOptions) -> DeliveryOptions
    {
        var result = standard
        for (key, value) in entries.sorted(by: { $0.key < $1.key }) where present(value) != nil {
            let place = "async.\(key)"
            switch key {
            case "capacity": result.capacity = count(value, at: place) ?? result.capacity
            case "batch": result.batch = count(value, at: place) ?? result.batch
            case "flush_interval": result.flushInterval = seconds(value, at: place) ?? result.flushInterval
            case "timeout": result.timeout = seconds(value, at: place) ?? result.timeout
            case "flush_level":
                if case .int(let level) = value {
                    result.flushLevel = Level(Int(level))
                } else if case .string(let name) = value, let level = levels.level(named: name) {
                    result.flushLevel = level
                } else {
                    complain(place, "unknown level \(value.shown)", value)
                }
            case "overflow": result.overflow = overflow(value, at: place) ?? result.overflow
            default:
                refuse(
                    key, among: ["batch", "capacity", "flush_interval", "flush_level", "overflow", "timeout"], "async")
            }
        }
        return result
    }

    private mutating func read(retry value: ConfigurationValue) -> RetryPolicy? {
        switch value {
        case .bool(let isWanted): return isWanted ? RetryPolicy() : nil
        case .array(let elements) where elements.isEmpty: return RetryPolicy()
        case .object(let entries):
            var result = RetryPolicy()
            for (key, value) in entries.sorted(by: { $0.key < $1.key }) where present(value) != nil {
                let place = "retry.\(key)"
                switch key {
                case "attempts": result.attempts = count(value, at: place)
                case "initial": result.initial = seconds(value, at: place) ?? result.initial
                case "max": result.longest = seconds(value, at: place) ?? result.longest
                case "factor":
                    result.factor = seconds(value, at: place) ?? result.factor
                    if result.factor < 1 { complain(place, "must be at least 1, got \(value.shown)", value) }
                default: refuse(key, among: ["attempts", "factor", "initial", "max"], "retry")
                }
            }
            return result
        default:
            complain("retry", "expected a boolean or a table, got \(value.shown)", value)
            return nil
        }
    }

    // MARK: Values

    private mutating func count(_ value: ConfigurationValue, at place: String) -> Int? {
        if case .int(let number) = value, number >= 1 { return Int(number) }
        complain(place, "expected an integer of at least 1, got \(value.shown)", value)
        return nil
    }

    private mutating func seconds(_ value: ConfigurationValue, at place: String) -> Double? {
        let number: Double? =
            switch value {
            case .int(let number): Double(number)
            case .double(let number): number
            default: nil
            }
        if let number, number >= 0 { return number }
        complain(place, "expected a number of at least 0, got \(value.shown)", value)
        return nil
    }

    private mutating func overflow(_ value: ConfigurationValue, at place: String) -> DeliveryOptions.Overflow? {
        if case .string(let name) = value, let known = DeliveryOptions.Overflow(rawValue: name) { return known }
        let names = DeliveryOptions.Overflow.allCases.map(\.rawValue)
        var nearest: String?
        if case .string(let name) = value { nearest = NearestName.find(name, among: names) }
        complain(place, "expected \"block\", \"drop_newest\" or \"drop_oldest\", got \(value.shown)", value, nearest)
        return nil
    }

    private mutating func refuse(_ key: String, among known: [String], _ place: String) {
        let nearest = NearestName.find(key, among: known)
        let hint = nearest == nil ? "; known are " + known.joined(separator: ", ") : ""
        complain("\(place).\(key)", "unknown key" + hint, nil, nearest)
    }

    private mutating func complain(
        _ place: String, _ message: String, _ value: ConfigurationValue? = nil, _ suggestion: String? = nil
    ) {
        problems.append(
            .init(
                path: path.isEmpty ? place : path + "." + place, message: message, value: value?.shown,
                suggestion: suggestion))
    }
}

internal import Synchronization

/// What every handler has: level, name, filters, formatter, lock. Thread-safe.
public final class HandlerCore: Sendable {
    /// Held while the handler emits.
    public let lock: HandlerLock
    /// The same, for the way of a record.
    let lockPlace: HandlerLockPlace
    private let levelValue: Atomic<Int>
    /// Grows with every handler made: the order in which handlers came to be.
    let serial = HandlerCore.counter.add(1, ordering: .relaxed).newValue
    private let anyFilters = Atomic<Bool>(false)
    /// What formatter and filters look at; asked for every record, so without a lock.
    private let needs: Atomic<UInt8>
    private static let counter = Atomic<Int>(0)
    private let recursions = Atomic<Int>(0)
    let counters = HandlerCounters()
    /// The address of a `Delivery`, which is retained once; 0 for none. Set at most once, so that reading it takes no lock. No `AtomicLazyReference`, because loading from
    /// one costs 600 instructions.
    private let queue = Atomic<UInt>(0)
    private let hasLeftQueue = Atomic<Bool>(false)
    private let target = Atomic<Bool>(true)
    private let settings: Mutex<Settings>

    private struct Settings {
        var name: String?
        var formatter: (any Formatter)?
        var filters: [any Filter] = []
        var attributes: [String: ConfigurationValue] = [:]
    }

    public init(level: Level = .notSet, formatter: (any Formatter)? = nil, name: String? = nil) {
        lock = HandlerLock()
        lockPlace = lock.place
        levelValue = Atomic(level.rawValue)
        needs = Atomic(formatter?.recordNeeds.rawValue ?? 0)
        settings = Mutex(Settings(name: name, formatter: formatter))
    }

    deinit {
        guard let delivery else { return }
        if leaveQueue() { delivery.end() }
        Unmanaged.passUnretained(delivery).release()
    }

    public var level: Level {
        get { Level(levelValue.load(ordering: .relaxed)) }
        set { levelValue.store(newValue.rawValue, ordering: .relaxed) }
    }

    public var name: String? {
        get { settings.withLock { $0.name } }
        set { settings.withLock { $0.name = newValue } }
    }

    public var formatter: (any Formatter)? {
        get { settings.withLock { $0.formatter } }
        set {
            settings.withLock {
                $0.formatter = newValue
                noteNeeds($0)
            }
        }
    }

    /// What a configuration has set under names that the handler itself does not know (the key `.`).
    public var attributes: [String: ConfigurationValue] {
        get { settings.withLock { $0.attributes } }
        set { settings.withLock { $0.attributes = newValue } }
    }

    /// In the order they are asked.
    public var filters: [any Filter] {
        get { settings.withLock { $0.filters } }
        set {
            settings.withLock {
                $0.filters = newValue
                noteNeeds($0)
            }
        }
    }

    /// Spares most records the lock around `filters`.
    var hasFilters: Bool { anyFilters.load(ordering: .acquiring) }

    var recordNeeds: RecordNeeds { RecordNeeds(rawValue: needs.load(ordering: .relaxed)) }

    var isAsynchronous: Bool { queue.load(ordering: .relaxed) != 0 }

    var delivery: Delivery? {
        UnsafeRawPointer(bitPattern: queue.load(ordering: .acquiring)).map {
            Unmanaged<Delivery>.fromOpaque($0).takeUnretainedValue()
        }
    }

    /// - Returns: false if there is one already.
    func setDelivery(_ delivery: Delivery) -> Bool {
        let retained = Unmanaged.passRetained(delivery)
        guard
            queue.compareExchange(
                expected: 0, desired: UInt(bitPattern: retained.toOpaque()), ordering: .acquiringAndReleasing
            ).exchanged
        else {
            retained.release()
            return false
        }
        delivery.owners.add(1, ordering: .relaxed)
        settings.withLock { noteNeeds($0) }
        return true
    }

    private func noteNeeds(_ settings: Settings) {
        anyFilters.store(!settings.filters.isEmpty, ordering: .releasing)
        var all = settings.filters.reduce(settings.formatter?.recordNeeds ?? []) { $0.union($1.recordNeeds) }
        // Another handler, with another formatter, may get the record.
        if delivery?.fallback != nil { all = .everything }
        needs.store(all.rawValue, ordering: .relaxed)
        HandlerSettings.noteChange()
    }

    /// Adds or removes atomically.
    public func updateFilters(_ change: (inout [any Filter]) -> Void) {
        settings.withLock {
            change(&$0.filters)
            noteNeeds($0)
        }
    }

    /// How many records were refused because the handler, on the same thread, caused them itself.
    public var refusedRecursions: Int { recursions.load(ordering: .relaxed) }

    func countRecursion() { recursions.add(1, ordering: .relaxed) }
    var hasLeft: Bool { hasLeftQueue.load(ordering: .acquiring) }

    /// Has the filters say what they would say later.
    public func flushFilters() {
        if hasFilters { for filter in filters { filter.flush() } }
    }

    /// - Returns: whether nobody else has the queue, and this is the first time.
    func leaveQueue() -> Bool {
        guard let delivery, !hasLeftQueue.exchange(true, ordering: .acquiringAndReleasing) else { return false }
        return delivery.owners.subtract(1, ordering: .acquiringAndReleasing).newValue == 0
    }

    /// False once another handler has taken over what this one writes to: closing this one must not close that.
    var ownsTarget: Bool { target.load(ordering: .acquiring) }
    func handOverTarget() { target.store(false, ordering: .releasing) }

    func countFiltered() { counters.filtered.add(1, ordering: .relaxed) }
}

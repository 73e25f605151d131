/// Where a filter that has something to say of its own puts the record: past itself and the filters beside it, to the handler that asked, or
/// to the handlers of the logger that asked.
public struct FilterOutlet: Sendable {
    enum Place: Sendable {
        case handler(any Handler)
        case logger(DispatchPlan)
        /// Somebody only wants to know what the filters say.
        case nowhere
    }

    let place: Place
    private let reporter: ErrorReporter?

    static let nowhere = FilterOutlet(place: .nowhere, reporter: nil)

    static func handler(_ handler: any Handler, _ reporter: ErrorReporter) -> FilterOutlet {
        FilterOutlet(place: .handler(handler), reporter: reporter)
    }

    static func logger(_ plan: DispatchPlan, _ reporter: ErrorReporter) -> FilterOutlet {
        FilterOutlet(place: .logger(plan), reporter: reporter)
    }

    private init(place: Place, reporter: ErrorReporter?) {
        self.place = place
        self.reporter = reporter
    }

    /// Tells the places apart that one filter was added to; all loggers are one, because a record meets the filters of one only.
    var identity: ObjectIdentifier? {
        if case .handler(let handler) = place { ObjectIdentifier(handler) } else { nil }
    }

    public var isNowhere: Bool { if case .nowhere = place { true } else { false } }

    /// Has the record handled now, on this thread.
    public func deliver(_ record: LogRecord) {
        guard let reporter else { return }
        switch place {
        case .handler(let handler):
            let thread = ThreadState.current
            // Usually the thread is in the handler already, asking its filters.
            let enters = thread.enter(ObjectIdentifier(handler))
            handler.emit(record, reporter: reporter)
            if enters { thread.leave() }
        case .logger(let plan):
            var record = record
            for handler in plan.handlers where record.level >= handler.core.level {
                handler.handle(&record, reporter: reporter)
            }
        case .nowhere: break
        }
    }
}

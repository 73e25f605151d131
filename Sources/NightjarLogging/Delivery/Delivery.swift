internal import NightjarConcurrency
internal import Synchronization

/// The queue between those who log and a handler, and the thread that hands its records on.
///
/// Callers filter and format; what they made waits here, and one thread takes it out in batches and calls the handler under its lock. Records
/// stay in the order in which they came in. The thread starts with the first record and ends when the handler is closed or gone.
/// Thread-safe.
final class Delivery: Sendable {
    let options: DeliveryOptions
    /// Gets the records that could not be delivered for good.
    let fallback: (any Handler)?
    /// Whether only texts are kept, end to end.
    let isText: Bool
    let batch: Int
    let counters = DeliveryCounters()
    /// How many handlers bring records: after a new configuration, a handler and the one whose target it has taken over.
    let owners = Atomic<Int>(0)
    let state: Mutex<DeliveryState>
    /// Rouses the thread.
    let bell = Event()
    /// Rouses callers that wait for room or for the end of something.
    let progress = Event()

    /// A wait without a deadline would count as one that only other threads of the program can end.
    static let longWait = 3_600.0
    /// Seconds that a caller within a handler or filter waits for room.
    private static let shortWait = 1.0

    init(_ options: DeliveryOptions, isText: Bool, fallback: (any Handler)?) {
        self.options = options
        self.fallback = fallback
        // A fallback gets records, so they have to be kept.
        self.isText = isText && fallback == nil
        batch = max(1, min(options.batch ?? (self.isText ? 1_000 : 50), options.capacity))
        state = Mutex(DeliveryState(isText: self.isText))
    }

    // MARK: Bringing records

    /// Takes a record over, or drops it where the queue is full.
    /// - Parameter text: what the handler's `format` made; a line end is added to it where only texts are kept.
    /// - Returns: false if there is no queue any more, and the caller is to deliver by itself.
    func accept(
        _ record: LogRecord, text: inout [UInt8], from handler: any Handler, _ thread: ThreadState,
        _ reporter: ErrorReporter
    ) -> Bool {
        if isText { return accept(&text, record.level, from: handler, thread, reporter) }
        return accept(record.level, from: handler, thread, reporter) { $0.append(.init(record, text: text)) }
    }

    /// As above, where only texts are kept; false where records are.
    func accept(
        _ text: inout [UInt8], _ level: Level, from handler: any Handler, _ thread: ThreadState,
        _ reporter: ErrorReporter
    ) -> Bool {
        guard isText else { return false }
        let length = text.count
        handler.endText(&text)
        if accept(level, from: handler, thread, reporter, append: { $0.append(text, level) }) { return true }
        // The handler's `emit` ends the text itself.
        text.removeLast(text.count - length)
        return false
    }

    @inline(__always)
    private func accept(
        _ level: Level, from handler: any Handler, _ thread: ThreadState, _ reporter: ErrorReporter,
        append: (inout PendingRecords) -> Void
    ) -> Bool {
        // The thread itself, where the handler calls its own methods.
        if thread.isWorking(for: self) { return false }
        var deadline: Deadline?
        while true {
            switch put(level, handler, reporter, append) {
            case .taken, .dropped: return true
            case .ended: return false
            case .full: break
            }
            if deadline == nil { deadline = patience(thread) }
            if !waitForRoom(until: deadline!, isWithin: thread.mayBeWaitedFor) {
                state.withLock { _ = $0.drop(counters) }
                return true
            }
        }
    }

    @inline(__always)
    private func put(
        _ level: Level, _ handler: any Handler, _ reporter: ErrorReporter, _ append: (inout PendingRecords) -> Void
    ) -> DeliveryState.Outcome {
        var startsThread = false
        var rouses = false
        let outcome = state.withLock { state in
            let outcome = state.makeRoom(options, dropping: counters)
            guard case .taken = outcome else { return outcome }
            append(&state.pending)
            rouses = state.noteArrival(level, options, batch, handler, reporter)
            if !state.hasThread {
                state.hasThread = true
                startsThread = true
            }
            return outcome
        }
        if rouses { bell.set() }
        if startsThread { startThread() }
        return outcome
    }

    /// Those who could be what the handler waits for do not wait for it for long.
    private func patience(_ thread: ThreadState) -> Deadline {
        guard thread.mayBeWaitedFor else { return Deadline(after: .infinity) }
        return state.withLock { $0.isHopelessWithin } ? .passed : Deadline(after: Self.shortWait)
    }

    /// - Returns: false if there was none in time, or the thread was interrupted.
    private func waitForRoom(until deadline: Deadline, isWithin: Bool) -> Bool {
        let isFull = state.withLock { state in
            guard state.phase == .open, state.count >= options.capacity else { return false }
            state.waiting += 1
            progress.clear()
            return true
        }
        guard isFull else { return true }
        defer { state.withLock { $0.waiting -= 1 } }
        let slice = min(deadline, Deadline(after: Self.longWait))
        guard let isInTime = try? progress.wait(until: slice) else { return false }
        if !isInTime, deadline.hasPassed {
            if isWithin { state.withLock { $0.isHopelessWithin = true } }
            return false
        }
        return true
    }

    func startThread() {
        do {
            // Nobody's wait is to be held against it: it does nothing but wait for others.
            _ = try NativeThread.start(name: "log delivery", monitor: nil) { [self] in DeliveryWorker(self).run() }
        } catch {
            // Without a thread the caller delivers what there is, and all that follows.
            end()
            DeliveryWorker(self).run(isWithin: true)
        }
    }

    // MARK: Waiting for the end

    /// Waits until all that was accepted has been handed on or given up. Returns at once on the delivery's own thread and to a
    /// caller that holds a handler's lock, for which the thread may be waiting.
    /// - Throws: `WaitInterrupted`; a `LoggingError` if the delivery has not got on for `options.timeout`.
    func drain() throws {
        let thread = ThreadState.current
        guard !thread.isWorking(for: self), thread.heldLocks == 0 else { return }
        let target = state.withLock { $0.accepted }
        var (best, deadline) = (-1, Deadline.passed)
        while true {
            let finished = state.withLock { $0.beginDrain(to: target) { progress.clear() } }
            guard finished < target else { return }
            defer { state.withLock { $0.waiting -= 1 } }
            if finished > best {
                best = finished
                deadline = Deadline(after: options.timeout)
            } else if deadline.hasPassed {
                let what = target - finished == 1 ? "1 record" : "\(target - finished) records"
                throw LoggingError(.timeout, "\(what) not delivered within \(options.timeout) s")
            }
            bell.set()
            try progress.wait(until: deadline)
        }
    }

    /// Takes no more records, waits until those that are there have been handed on, and ends the thread.
    /// - Returns: how many are left after `options.timeout`; -1 if the thread was given up before.
    func close() -> Int {
        let thread = ThreadState.current
        end()
        guard !thread.isWorking(for: self) else { return 0 }
        let deadline = Deadline(after: options.timeout)
        while true {
            let phase = state.withLock { state in
                if state.phase == .closing {
                    state.waiting += 1
                    progress.clear()
                }
                return state.phase
            }
            guard phase == .closing else { return phase == .abandoned ? -1 : 0 }
            defer { state.withLock { $0.waiting -= 1 } }
            bell.set()
            // An interruption does not shorten it: those who are interrupted want to know why.
            if (try? progress.wait(until: deadline)) != true, deadline.hasPassed || Waiter.current.isInterrupted {
                return abandon()
            }
        }
    }

    var isAbandoned: Bool { state.withLock { $0.phase == .abandoned } }

    /// Lets the thread end after what is there.
    func end() {
        let wasOpen = state.withLock { state in
            guard state.phase == .open else { return false }
            state.phase = state.hasThread ? .closing : .ended
            state.isUrgent = true
            return true
        }
        guard wasOpen else { return }
        bell.set()
        progress.set()
    }

    /// Gives up a thread that is stuck.
    /// - Returns: how many records are lost with it.
    private func abandon() -> Int {
        var left = PendingRecords(isText: isText)
        let (lost, reporter) = state.withLock { state -> (Int, ErrorReporter?) in
            guard state.phase == .closing else { return (0, nil) }
            state.phase = .abandoned
            let lost = state.count
            swap(&left, &state.pending)
            if isText { counters.dropped.add(left.count, ordering: .relaxed) }
            return (lost, state.reporter)
        }
        progress.set()
        guard !isText else { return lost }
        // What nobody has in hand can still go elsewhere.
        let rest = state.withLock { $0.heir }?.adopt(left.remaining) ?? left.remaining
        counters.dropped.add(rest.count, ordering: .relaxed)
        guard let fallback, let reporter else { return lost - left.count + rest.count }
        for var record in rest.map(\.record) { fallback.handle(&record, reporter: reporter) }
        return lost - left.count
    }
}

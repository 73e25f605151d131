import NightjarConcurrency
import Testing

/// A blocking call of each primitive, for what must hold in all of them.
enum BlockingCall: String, CaseIterable, Sendable {
    case lock, recursiveLock, condition, semaphore, boundedSemaphore, event, barrier
    case get, put, join, completion, thread, sleep

    /// Sets a primitive up so that the call blocks.
    func make() throws -> @Sendable (Deadline?) throws -> Bool {
        switch self {
        case .lock:
            let lock = Lock()
            try lock.acquire()
            return { try lock.acquire(until: $0) }
        case .recursiveLock:
            let lock = RecursiveLock()
            try lock.acquire()
            return { try lock.acquire(until: $0) }
        case .condition:
            let condition = Condition()
            return { deadline in
                try condition.lock.acquire(until: nil)
                defer { try? condition.lock.release() }
                return try condition.wait(until: deadline)
            }
        case .semaphore:
            let semaphore = try CountingSemaphore(value: 0)
            return { try semaphore.acquire(until: $0) }
        case .boundedSemaphore:
            let semaphore = try BoundedSemaphore(value: 1)
            try semaphore.acquire()
            return { try semaphore.acquire(until: $0) }
        case .event:
            let event = Event()
            return { try event.wait(until: $0) }
        case .barrier:
            let barrier = try Barrier(parties: 2)
            return { deadline in
                do { _ = try barrier.wait(until: deadline) } catch is BrokenBarrier { return false }
                return true
            }
        case .get:
            let queue = FIFOQueue<Int>()
            return { try turned(.empty, $0) { _ = try queue.get(until: $0) } }
        case .put:
            let queue = FIFOQueue<Int>(maxsize: 1)
            try queue.put(1)
            return { try turned(.full, $0) { try queue.put(2, until: $0) } }
        case .join:
            let queue = FIFOQueue<Int>()
            try queue.put(1)
            return { deadline in
                do { return try queue.join(until: deadline) } catch QueueError.interrupted { throw WaitInterrupted() }
            }
        case .completion:
            let completion = Completion<Int>()
            return { try completion.wait(until: $0) != nil }
        case .thread:
            let end = Event()
            let thread = try NativeThread.start(name: "other") { _ = try? end.wait() }
            return { deadline in
                // The event goes with the last call, the thread with the event's setting.
                defer { end.set() }
                return try thread.join(until: deadline)
            }
        case .sleep:
            return { deadline in
                try Waiter.current.sleep(until: deadline)
                return false
            }
        }
    }
}

private func turned(_ late: QueueError, _ deadline: Deadline?, _ body: (Deadline?) throws -> Void) throws -> Bool {
    do {
        try body(deadline)
        return true
    } catch let error as QueueError {
        if error == .interrupted { throw WaitInterrupted() }
        if error == late { return false }
        throw error
    }
}

@Suite struct WaiterTests {
    @Test(arguments: BlockingCall.allCases)
    func aBlockedThreadThrowsWhenInterrupted(call: BlockingCall) throws {
        let body = try call.make()
        let running = try Running { try body(nil) }
        #expect(running.blocks())
        running.thread.waiter.interrupt()
        #expect(throws: WaitInterrupted.self) { try running.value() }
    }

    @Test(arguments: BlockingCall.allCases)
    func aWaitThatBeginsInterruptedThrows(call: BlockingCall) throws {
        let body = try call.make()
        let running = try Running {
            Waiter.current.interrupt()
            return try body(nil)
        }
        #expect(throws: WaitInterrupted.self) { try running.value() }
    }

    @Test(arguments: BlockingCall.allCases)
    func aWaitEndsAtItsDeadlineAndNotBefore(call: BlockingCall) throws {
        let body = try call.make()
        let deadline = Deadline(after: 0.02)
        let running = try Running { (try body(deadline), Deadline.now) }
        let (granted, end) = try running.value()
        #expect(!granted)
        #expect(end >= deadline)
    }

    @Test(arguments: BlockingCall.allCases)
    func aDeadlineInThePastDoesNotWait(call: BlockingCall) throws {
        let body = try call.make()
        #expect(try Running { try body(.passed) }.value() == false)
    }

    @Test(arguments: BlockingCall.allCases)
    func aPendingWaitNamesItsReason(call: BlockingCall) throws {
        let body = try call.make()
        let running = try Running { try body(nil) }
        #expect(running.blocks())
        let reason = try #require(running.thread.waiter.pendingWait?.reason)
        #expect(!reason.operation.isEmpty)
        #expect((reason.target == nil) == (call == .sleep))
        #expect(reason.deadline == nil)
        running.thread.waiter.interrupt()
        _ = try? running.value()
        #expect(running.thread.waiter.pendingWait == nil)
    }

    @Test func clearingTheInterruptLetsTheThreadWaitAgain() throws {
        let event = Event()
        let running = try Running { () -> Bool in
            Waiter.current.interrupt()
            #expect(throws: WaitInterrupted.self) { try event.wait() }
            #expect(Waiter.current.clearInterrupt())
            #expect(!Waiter.current.clearInterrupt())
            return try event.wait()
        }
        #expect(running.blocks())
        event.set()
        #expect(try running.value())
    }

    @Test func aWaiterOutlivesItsThread() throws {
        let thread = try NativeThread.start(name: "short") {}
        #expect(try thread.join(until: Deadline(after: patience)))
        thread.waiter.interrupt()
        #expect(thread.waiter.isInterrupted)
    }

    @Test func uncontendedCallsDoNotLookAtTheInterrupt() throws {
        let passed = try Running { () -> Int in
            Waiter.current.interrupt()
            let lock = Lock(), queue = FIFOQueue<Int>(), event = Event()
            try lock.acquire()
            try queue.put(5)
            event.set()
            #expect(try event.wait())
            return try queue.get()
        }
        #expect(try passed.value() == 5)
    }
}

@Suite struct DeadlineTests {
    @Test func secondsSaturateAtBothEnds() {
        #expect(Deadline(after: .infinity).nanoseconds == .max)
        #expect(Deadline(after: 1e300).nanoseconds == .max)
        #expect(Deadline(after: -5).hasPassed)
        #expect(Deadline(after: .nan).hasPassed)
        #expect(Deadline(after: 100) > Deadline.now)
        #expect(!Deadline(after: Deadline.timeoutMax).hasPassed)
    }

    @Test func theEndOfTimeCanBeWaitedFor() throws {
        let running = try Running { try Event().wait(until: Deadline(nanoseconds: .max)) }
        #expect(running.blocks())
        #expect(!running.isDone)
        running.thread.waiter.interrupt()
        #expect(throws: WaitInterrupted.self) { try running.value() }
    }

    @Test func argumentsOfAcquireAreCheckedAsInPython() throws {
        #expect(try Deadline.forAcquire(blocking: true) == nil)
        #expect(try Deadline.forAcquire(blocking: false) == .passed)
        #expect(throws: LockError.timeoutWithoutBlocking) { try Deadline.forAcquire(blocking: false, timeout: 1) }
        #expect(throws: LockError.negativeTimeout) { try Deadline.forAcquire(blocking: true, timeout: -2) }
        #expect(throws: LockError.timeoutNotANumber) { try Deadline.forAcquire(blocking: true, timeout: .nan) }
        #expect(throws: LockError.timeoutTooLarge) { try Deadline.forAcquire(blocking: true, timeout: 1e10) }
        #expect(throws: LockError.timeoutTooLarge) { try Deadline.forAcquire(blocking: false, timeout: 1e10) }
    }
}

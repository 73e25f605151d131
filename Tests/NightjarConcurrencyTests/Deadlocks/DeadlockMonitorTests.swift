import NightjarConcurrency
import Testing

@Suite struct DeadlockMonitorTests {
    private let world = World()

    @Test(arguments: BlockingCall.allCases) func aThreadAloneIsTold(_ blocking: BlockingCall) throws {
        // Made outside: a thread that the call needs is none of this world.
        let call = try blocking.make()
        let thread = try world.run("A") { try call(nil) }
        let report = try #require(try thread.value().report)
        #expect(report.summary == "deadlock: A waits, and there is no other thread to wake it")
        #expect(report.waits.map(\.place) == ["here:1"])
    }

    @Test func twoThreadsInACircleAreBothTold() throws {
        let first = Lock(label: ObjectLabel(kind: "Lock", file: "bank", line: 1)), second = RecursiveLock()
        let meeting = try Barrier(parties: 2)
        let (a, b) = try world.start {
            let a = try world.run("A") { try Self.take(first, meeting, second) }
            return (a, try world.run("B") { try Self.take(second, meeting, first) })
        }
        let report = try #require(try a.value().report)
        #expect(try b.value().report == report)
        #expect(report.summary == "deadlock: A and B wait for each other")
        #expect(
            report.waits.map(\.description) == [
                "A waits in RLock.acquire at here:1 for RecursiveLock, held by B",
                "B waits in Lock.acquire at here:1 for Lock created at bank:1, held by A",
            ])
        #expect(!first.isLocked && !second.isLocked)
    }

    /// Takes one lock, and the other when the threads have met.
    private static func take(_ mine: any ConditionLock, _ meeting: Barrier, _ other: any ConditionLock) throws -> Bool {
        try mine.acquire(until: nil)
        defer { try? mine.release() }
        _ = try meeting.wait()
        defer { if other.isOwned { try? other.release() } }
        return try other.acquire(until: nil)
    }

    @Test func whoWaitsForTheEndOfOneWhoIsToldIsNot() throws {
        let event = Event()
        let (stuck, joiner) = try world.start {
            let stuck = try world.run("stuck") { try event.wait() }
            return (stuck, try world.run("joiner") { try stuck.thread.join() })
        }
        let report = try #require(try stuck.value().report)
        #expect(report.waits.map(\.isEnded) == [true, false])
        #expect(report.waits[1].description == "joiner waits in Thread.join at here:1 for stuck")
        #expect(try joiner.value() == .passed)
    }

    @Test func aCircleOfJoinsIsToldToAll() throws {
        let threads = Shared<[NativeThread]>([]), ready = Event()
        let running = try world.start {
            let running = try (0..<3).map { number in
                try world.run("T\(number)") {
                    _ = try ready.wait()
                    return try threads.value[(number + 1) % 3].join()
                }
            }
            threads.update { $0 = running.map(\.thread) }
            ready.set()
            return running
        }
        for thread in running {
            #expect(try thread.value().report?.summary.hasSuffix(" wait for each other") == true)
        }
    }

    @Test func aBackgroundThreadIsToldNothing() throws {
        let queue = FIFOQueue<Int>(), event = Event()
        let (idle, thread) = try world.start {
            let idle = try world.run("idle", .background) { try queue.get() == 1 }
            return (idle, try world.run("A") { try event.wait() })
        }
        #expect(try thread.value().report?.waits.map(\.thread) == ["A", "idle"])
        #expect(!idle.isDone)
        try queue.put(1)
        #expect(try idle.value() == .passed)
    }

    @Test func backgroundThreadsAloneMayWaitForEver() throws {
        let event = Event()
        let idle = try world.run("idle", .background) { try event.wait() }
        #expect(idle.blocks())
        World.work()
        #expect(!idle.isDone)
        event.set()
        #expect(try idle.value() == .passed)
    }

    @Test func theMainThreadIsToldOnlyIfTheOthersReactionDoesNotWakeIt() throws {
        let results = FIFOQueue<String>(), never = Event()
        let (main, _) = try world.start {
            let main = try world.run("main", .main) {
                // The first is what the other thread makes of its deadlock; nothing follows.
                #expect(try results.get() == "told")
                return try results.get() == ""
            }
            let other = try world.run("other") {
                let outcome = World.Outcome { try never.wait() }
                if outcome.report != nil { try results.put("told") }
                return true
            }
            return (main, other)
        }
        #expect(try main.value().report?.waits.map(\.thread) == ["main"])
    }

    @Test func whoWaitsForTheLastOnesIsToldIfNobodyElseCanBe() throws {
        let never = Event()
        let last = try world.run("last", .last) { try never.wait() }
        #expect(try last.value().report != nil)
    }

    @Test func whoHasBeenToldIsToldAgain() throws {
        let never = Event()
        let thread = try world.run("A") {
            for _ in 0..<20 {
                guard World.Outcome({ try never.wait() }).report != nil else { return false }
            }
            return true
        }
        #expect(try thread.value() == .passed)
    }

    // MARK: What rules a report out

    @Test func aThreadAtWork() throws {
        let event = Event()
        let (waiting, working) = try world.start {
            let waiting = try world.run("A") { try event.wait() }
            let working = try world.run("B") {
                World.work()
                event.set()
                return true
            }
            return (waiting, working)
        }
        #expect(try waiting.value() == .passed)
        #expect(try working.value() == .passed)
    }

    @Test func aThreadWithADeadline() throws {
        let event = Event(), never = Event()
        let waiting = try world.start {
            _ = try world.run("B", .background) {
                _ = try never.wait(until: Deadline(after: 0.06))
                event.set()
                return true
            }
            return try world.run("A") { try event.wait() }
        }
        #expect(try waiting.value() == .passed)
    }

    @Test func aTimerThatAThreadHasSet() throws {
        let event = Event(), timers = TimerQueue()
        let waiting = try world.run("A") {
            try timers.schedule(at: Deadline(after: 0.06)) { event.set() }
            return try event.wait()
        }
        #expect(try waiting.value() == .passed)
    }

    @Test func aTimerThatWasCancelledDoesNot() throws {
        let event = Event(), timers = TimerQueue()
        let waiting = try world.run("A") {
            let timer = try timers.schedule(at: Deadline(after: 1000)) { event.set() }
            timer.cancel()
            return try event.wait()
        }
        #expect(try waiting.value().report != nil)
    }

    @Test func aThreadThatAThreadHasStarted() throws {
        let event = Event()
        let waiting = try world.run("A") {
            _ = try NativeThread.start(name: "helper") {
                World.work()
                event.set()
            }
            return try event.wait()
        }
        #expect(try waiting.value() == .passed)
    }

    @Test func aJobOfAPoolButNotAWorkerThatStandsReady() throws {
        let pool = WorkerPool(monitor: world.monitor) {}
        let event = Event(), never = Event()
        let waiting = try world.run("A") {
            _ = try pool.run(name: "job") {
                World.work()
                event.set()
            }
            return try event.wait()
        }
        #expect(try waiting.value() == .passed)
        #expect(try world.run("B") { try never.wait() }.value().report != nil)
        #expect(try pool.shutdown(until: Deadline(after: patience)))
        #expect(throws: WorkerPoolError.self) { try pool.run(name: "late") {} }
        #expect(try world.run("C") { try never.wait() }.value().report?.waits.count == 1)
    }

    @Test func aThreadThatIsInsideForATime() throws {
        let event = Event(), entered = Event(), leave = Event()
        let (waiting, visitor) = try world.start {
            let visitor = try Running {
                world.monitor.enter(.main) { "visitor" }
                world.monitor.enter(.main) { "visitor" }
                entered.set()
                while !leave.isSet {}
                world.monitor.leave()
                World.work()
                world.monitor.leave()
                return true
            }
            _ = try entered.wait()
            return (try world.run("A") { try event.wait() }, visitor)
        }
        #expect(waiting.blocks())
        World.work()
        #expect(!waiting.isDone)
        leave.set()
        #expect(try visitor.value())
        #expect(try waiting.value().report?.waits.count == 1)
    }

    @Test func aSecondMonitorThatCountsTheThreadToo() throws {
        let event = Event(), other = DeadlockMonitor(pause: 0.005)
        let waiting = try world.run("A") {
            other.enter(.ordinary) { "A" }
            defer { other.leave() }
            return try event.wait()
        }
        #expect(waiting.blocks())
        World.work()
        #expect(!waiting.isDone)
        event.set()
        #expect(try waiting.value() == .passed)
    }
}

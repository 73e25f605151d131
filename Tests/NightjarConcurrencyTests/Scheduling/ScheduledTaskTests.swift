import NightjarConcurrency
import Testing

@Suite struct ScheduledTaskTests {
    private struct Failure: Error, Equatable { let number: Int }

    /// Longer than any test takes.
    private func never() throws -> TaskSchedule { try .after(3_600) }
    private var end: Deadline { Deadline(after: patience) }

    @Test func itRunsUntilItIsCancelled() throws {
        let task = ScheduledTask("ticker", try .every(0.001)), count = Shared(0)
        try task.start { task in
            if count.update({
                $0 += 1; return $0
            }) == 5 {
                task.cancel()
            }
        }
        #expect(try task.join(until: end))
        #expect(count.value == 5 && task.runs == 5 && task.phase == .cancelled && !task.isActive)
        #expect(task.nextRun == nil && task.lastRun != nil && task.lastError == nil)
    }

    @Test func aFailureIsNotedAndTheScheduleGoesOn() throws {
        let task = ScheduledTask("failing", try .every(0.001))
        try task.start { task in
            if task.runs == 2 { return }
            if task.runs == 4 { task.cancel() }
            throw Failure(number: task.runs)
        }
        #expect(try task.join(until: end))
        #expect(task.runs == 4 && task.failures == 3 && task.failuresInARow == 2)
        #expect(task.lastError as? Failure == Failure(number: 4))
    }

    @Test func aTaskThatRunsOnceIsFinishedOrFailed() throws {
        let good = ScheduledTask("good", try .after(0)), bad = ScheduledTask("bad", try .after(0))
        try good.start { task in #expect(task.phase == .running && task.running == 1 && task.nextRun == nil) }
        try bad.start { _ in throw Failure(number: 1) }
        #expect(try good.join(until: end) && bad.join(until: end))
        #expect(good.phase == .finished && bad.phase == .failed && !good.isActive && !good.cancel())
    }

    @Test func cancellingWakesATaskThatWaits() throws {
        let task = ScheduledTask("waiting", try never())
        try task.start { _ in Issue.record("it ran") }
        #expect(task.phase == .waiting && task.nextRun != nil)
        #expect(try task.join(until: Deadline(after: 0)) == false)
        #expect(task.cancel() && !task.cancel())
        #expect(try task.join(until: end) && task.runs == 0)
    }

    @Test func runNowBringsTheRunForward() throws {
        let task = ScheduledTask("asked", try never())
        try task.start { _ in }
        #expect(task.runNow())
        #expect(try task.join(until: end))
        #expect(task.runs == 1 && task.phase == .finished && !task.runNow())
    }

    @Test func aRunUnderWayEndsByItselfOrIsInterrupted() throws {
        for interrupting in [false, true] {
            let task = ScheduledTask("busy", try .after(0)), running = Event(), goOn = Event()
            let wasInterrupted = Shared(false)
            try task.start { _ in
                running.set()
                do { _ = try goOn.wait() } catch { wasInterrupted.update { $0 = true } }
            }
            #expect(try running.wait(until: end))
            #expect(task.phase == .running && task.running == 1)
            #expect(task.cancel(interrupting: interrupting) && task.phase == .cancelled)
            if !interrupting { goOn.set() }
            #expect(try task.join(until: end))
            #expect(wasInterrupted.value == interrupting && task.running == 0)
        }
    }

    @Test func severalRunsAtOnceAreWaitedForAtTheEnd() throws {
        let task = ScheduledTask("many", try .every(0.001), TaskOptions(mostRuns: 3))
        let goOn = Event()
        let driver = try Running {
            while try task.waitForRun() {
                _ = try NativeThread.start(name: "run") {
                    _ = try? goOn.wait()
                    task.endRun()
                }
            }
            task.finish()
        }
        #expect(eventually { task.running == 3 })
        task.cancel()
        #expect(!driver.isDone)
        goOn.set()
        try driver.value()
        #expect(task.running == 0 && task.runs == 3)
    }

    @Test func whatNobodyDrivesAnyMoreCountsAsCancelled() throws {
        let task = ScheduledTask("left", try never()), called = Shared(0)
        task.onEnd { called.update { $0 += 1 } }
        task.finish()
        #expect(task.phase == .cancelled && called.value == 1)
        #expect(try task.join())
    }
}

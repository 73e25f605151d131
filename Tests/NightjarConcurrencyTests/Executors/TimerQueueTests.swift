import NightjarConcurrency
import Testing

@Suite struct TimerQueueTests {
    @Test func actionsRunInTheOrderOfTheirTimes() throws {
        let timers = TimerQueue()
        let seen = Shared<[Int]>([])
        let now = Deadline.now.nanoseconds
        for number in [3, 1, 2, 0] {
            let time = Deadline(nanoseconds: now + UInt64(number) * 5_000_000)
            try timers.schedule(at: time) {
                #expect(Deadline.now >= time)
                seen.update { $0.append(number) }
            }
        }
        #expect(eventually { seen.value.count == 4 })
        #expect(seen.value == [0, 1, 2, 3])
    }

    @Test func actionsForTheSameTimeKeepTheirOrder() throws {
        let timers = TimerQueue()
        let seen = Shared<[Int]>([])
        let time = Deadline(after: 0.01)
        for number in 0..<20 { try timers.schedule(at: time) { seen.update { $0.append(number) } } }
        #expect(eventually { seen.value.count == 20 })
        #expect(seen.value == Array(0..<20))
    }

    @Test func anEarlierActionOvertakesASleepingThread() throws {
        let timers = TimerQueue()
        let done = Event()
        let late = try timers.schedule(at: Deadline(after: 1_000)) { Issue.record("too early") }
        try timers.schedule(at: .passed) { done.set() }
        #expect(try done.wait(until: Deadline(after: patience)))
        #expect(late.cancel())
        #expect(timers.count == 0)
    }

    @Test func aCancelledActionDoesNotRunAndLetsGo() throws {
        final class Token: Sendable {}
        let timers = TimerQueue()
        var token: Token? = Token()
        weak let observed = token
        let handle = try timers.schedule(at: Deadline(after: 1_000)) { [held = token] in _ = held }
        token = nil
        #expect(observed != nil)
        #expect(handle.cancel())
        #expect(!handle.cancel())
        #expect(observed == nil)
    }

    @Test func manyCancelledActionsLeaveNothingBehind() throws {
        let timers = TimerQueue()
        let done = Event()
        for _ in 0..<1_000 { try timers.schedule(at: Deadline(after: 1_000)) {}.cancel() }
        #expect(timers.count == 0)
        try timers.schedule(at: .now) { done.set() }
        #expect(try done.wait(until: Deadline(after: patience)))
    }

    @Test func aThreadThatHasEndedIsStartedAgain() throws {
        let timers = TimerQueue(idleTimeout: 0)
        for _ in 0..<20 {
            let done = Event()
            try timers.schedule(at: .now) { done.set() }
            #expect(try done.wait(until: Deadline(after: patience)))
        }
    }

    @Test func droppingTheQueueCancelsWhatIsScheduled() throws {
        final class Token: Sendable {}
        var token: Token? = Token()
        weak let observed = token
        do {
            let timers = TimerQueue()
            try timers.schedule(at: Deadline(after: 1_000)) { [held = token] in _ = held }
            token = nil
        }
        #expect(eventually { observed == nil })
    }
}

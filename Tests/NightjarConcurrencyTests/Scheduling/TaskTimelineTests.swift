@testable import NightjarConcurrency
import Testing

/// A timeline that several expectations can change.
@dynamicMemberLookup private final class Line {
    private var timeline: TaskTimeline

    init(_ timeline: TaskTimeline) { self.timeline = timeline }

    subscript<Value>(dynamicMember path: KeyPath<TaskTimeline, Value>) -> Value { timeline[keyPath: path] }
    func step(now: Moment) -> TaskTimeline.Step { timeline.step(now: now) }
    func ended(failed: Bool, now: Moment) { timeline.ended(failed: failed, now: now) }
    func request() -> Bool { timeline.request() }
    func cancel() -> Bool { timeline.cancel() }
}

/// Schedule arithmetic, with clocks that the test sets.
@Suite struct TaskTimelineTests {
    /// Both clocks, `seconds` after the start. The wall clock starts at 12:26:40 UTC.
    private func at(_ seconds: Double, wall: Double? = nil) -> Moment {
        Moment(
            monotonic: Deadline(nanoseconds: 5_000_000_000 + UInt64((seconds * 1e9).rounded())),
            wall: 1_600_000_000 + (wall ?? seconds))
    }

    private func every(_ seconds: Double, _ options: TaskOptions = TaskOptions()) throws -> Line {
        Line(TaskTimeline(try .every(seconds), options, now: at(0), random: { 0.5 }))
    }

    private func cron(_ text: String, _ options: TaskOptions = TaskOptions()) throws -> Line {
        Line(TaskTimeline(.cron(try CronExpression(text), utc: true), options, now: at(0), random: { 0.5 }))
    }

    private func wait(_ seconds: Double) -> TaskTimeline.Step { .wait(until: at(seconds).monotonic) }

    /// Runs from its time to `end` and gives how many seconds after the start the next one is due.
    private func run(
        _ timeline: Line, at start: Double, until end: Double, fails: Bool = false
    ) -> Double? {
        #expect(timeline.step(now: at(start)) == .run)
        timeline.ended(failed: fails, now: at(end))
        return timeline.nextRun.map { (($0 - 1_600_000_000) * 1_000).rounded() / 1_000 }
    }

    // MARK: every

    @Test func theRhythmCountsFromTheStartAndDoesNotDrift() throws {
        let timeline = try every(0.1)
        #expect(timeline.step(now: at(0)) == wait(0.1))
        for tick in 1...1_000 {
            let time = Double(tick) / 10
            #expect(run(timeline, at: time + 0.03, until: time + 0.05) == ((time + 0.1) * 1_000).rounded() / 1_000)
            #expect(timeline.step(now: at(time + 0.05)) == wait(time + 0.1))
        }
        #expect(timeline.runs == 1_000)
    }

    @Test func whatALongRunMissesIsLeftOut() throws {
        let timeline = try every(1)
        #expect(run(timeline, at: 1, until: 4.5) == 5)
        #expect(timeline.step(now: at(4.5)) == wait(5))
        #expect(run(timeline, at: 5, until: 6) == 6)
        #expect(run(timeline, at: 6, until: 6.9) == 7)
    }

    @Test func aThreadThatWakesLateRunsOnce() throws {
        let timeline = try every(1)
        #expect(run(timeline, at: 7.2, until: 7.3) == 8)
        #expect(timeline.runs == 1)
    }

    @Test func theNextRunIsKnownWhileOneIsUnderWay() throws {
        let timeline = try every(10)
        #expect(timeline.nextRun == 1_600_000_010)
        #expect(timeline.step(now: at(10)) == .run)
        #expect(timeline.nextRun == 1_600_000_020 && timeline.lastRun == 1_600_000_010 && timeline.running == 1)
    }

    @Test func anImmediateTaskRunsAtTheStartToo() throws {
        let timeline = try every(2, TaskOptions(isImmediate: true))
        #expect(run(timeline, at: 0, until: 0.5) == 2)
        #expect(run(timeline, at: 2, until: 2.5) == 4)
    }

    @Test func aRunOnRequestLeavesTheScheduleAsItIs() throws {
        let timeline = try every(10)
        #expect(timeline.request())
        #expect(run(timeline, at: 3, until: 4) == 10)
        #expect(run(timeline, at: 10, until: 11) == 20)
        #expect(timeline.step(now: at(20)) == .run)
        #expect(timeline.request())
        timeline.ended(failed: false, now: at(21))
        #expect(run(timeline, at: 21, until: 22) == 30)
        #expect(timeline.runs == 4)
    }

    @Test func aRequestThatComesWithTheScheduleIsOneRun() throws {
        let timeline = try every(10)
        #expect(timeline.request())
        #expect(run(timeline, at: 10, until: 11) == 20)
        #expect(timeline.step(now: at(11)) == wait(20))
    }

    @Test func periodsAtTheEndOfTheClockDoNotOverflow() throws {
        let timeline = try every(Deadline.timeoutMax)
        #expect(
            timeline.step(now: at(1)) == .wait(until: Deadline(nanoseconds: 5_000_000_000 + 9_223_372_036_000_000_000)))
        #expect(run(timeline, at: 9_223_372_036, until: 9_223_372_037) != nil)
    }

    // MARK: after

    @Test func aTaskThatRunsOnceEnds() throws {
        let timeline = Line(TaskTimeline(try .after(5), TaskOptions(), now: at(0)))
        #expect(timeline.step(now: at(1)) == wait(5) && timeline.nextRun == 1_600_000_005)
        #expect(timeline.step(now: at(5)) == .run)
        #expect(timeline.nextRun == nil && timeline.isActive)
        timeline.ended(failed: false, now: at(6))
        #expect(timeline.step(now: at(6)) == .end && !timeline.isActive && !timeline.request() && !timeline.cancel())
    }

    @Test func aRequestTakesThePlaceOfTheOnlyRun() throws {
        let timeline = Line(TaskTimeline(try .after(5), TaskOptions(), now: at(0)))
        #expect(timeline.request())
        #expect(run(timeline, at: 1, until: 2) == nil)
        #expect(timeline.step(now: at(5)) == .end && timeline.runs == 1)
    }

    @Test func withABackOffItTriesUntilARunSucceeds() throws {
        let options = TaskOptions(backoff: Backoff(initial: 1, factor: 3, longest: 5))
        let timeline = Line(TaskTimeline(try .after(0), options, now: at(0)))
        #expect(run(timeline, at: 0, until: 10, fails: true) == 11)
        #expect(run(timeline, at: 11, until: 11, fails: true) == 14)
        #expect(run(timeline, at: 14, until: 14, fails: true) == 19)
        #expect(run(timeline, at: 19, until: 20) == nil)
        #expect(timeline.step(now: at(20)) == .end && timeline.failures == 3 && timeline.failuresInARow == 0)
    }

    // MARK: Backing off

    @Test func failuresInARowPutTheNextRunOffAndASuccessEndsThat() throws {
        let timeline = try every(10, TaskOptions(backoff: Backoff()))
        #expect(run(timeline, at: 10, until: 11, fails: true) == 30)
        #expect(run(timeline, at: 30, until: 31, fails: true) == 70)
        #expect(run(timeline, at: 70, until: 71, fails: true) == 150)
        #expect(run(timeline, at: 150, until: 151) == 160)
        #expect(run(timeline, at: 160, until: 161, fails: true) == 180)
        #expect(timeline.failures == 4 && timeline.failuresInARow == 1)
    }

    @Test func aRunExactlyAtTheEndOfADelayIsNotMissed() throws {
        for period in [0.05, 0.1, 0.3, 1.0 / 3, 7.7] {
            let timeline = try every(period, TaskOptions(backoff: Backoff()))
            var due = period
            for failures in 1...6 {
                let expected = due + period * Double(1 << failures)
                let next = try #require(run(timeline, at: due + 1e-5, until: due + 2e-5, fails: true))
                #expect(abs(next - expected) < 0.002, "\(failures) failures, every \(period)")
                due = expected
            }
        }
    }

    @Test func backingOffEndsAtItsLongest() throws {
        let timeline = try every(1, TaskOptions(backoff: Backoff(initial: 2.5, factor: 10, longest: 20)))
        #expect(run(timeline, at: 1, until: 1.5, fails: true) == 4)
        #expect(run(timeline, at: 4, until: 4.5, fails: true) == 24)
        #expect(run(timeline, at: 24, until: 24.5, fails: true) == 44)
    }

    @Test func manyFailuresDoNotOverflow() {
        #expect(Backoff(initial: 1).delay(after: 100_000, gap: 1) == 3_600)
        #expect(Backoff(longest: 1e300).delay(after: 100_000, gap: 1) == 1e300)
        #expect(Backoff().delay(after: 5_000, gap: 86_400) == 86_400)
    }

    @Test func aBackOffShorterThanTheRhythmChangesNothing() throws {
        let timeline = try every(10, TaskOptions(backoff: Backoff(initial: 0.1)))
        #expect(run(timeline, at: 10, until: 11, fails: true) == 20)
    }

    @Test func aBackOffIsNotEarlierThanTheEndOfTheRun() throws {
        let timeline = try every(1, TaskOptions(backoff: Backoff()))
        #expect(run(timeline, at: 1, until: 9.5, fails: true) == 10)
    }

    @Test func failuresWithoutABackOffChangeNothing() throws {
        let timeline = try every(10)
        #expect(run(timeline, at: 10, until: 11, fails: true) == 20)
        #expect(timeline.failuresInARow == 1)
    }

    @Test func cronTasksBackOffByTheGapsOfTheirExpression() throws {
        // 12:26:40 is the start: 12:27 is 20 s later.
        let timeline = try cron("* * * * *", TaskOptions(backoff: Backoff()))
        #expect(run(timeline, at: 20, until: 21, fails: true) == 140)
        #expect(run(timeline, at: 140, until: 141, fails: true) == 380)
        #expect(run(timeline, at: 380, until: 381) == 440)
    }

    // MARK: Cron and the clock

    @Test func cronFollowsTheWallClockAndLooksAgainNowAndThen() throws {
        let timeline = try cron("30 12 * * *")
        #expect(timeline.nextRun == 1_600_000_200)
        #expect(timeline.step(now: at(0)) == wait(30))
        #expect(timeline.step(now: at(180)) == wait(200))
        #expect(run(timeline, at: 200, until: 200.1) == 86_600)
    }

    @Test func aClockSetForwardRunsWhatIsDueOnce() throws {
        let timeline = try cron("*/5 * * * *")
        #expect(timeline.step(now: at(10)) == wait(40))
        #expect(timeline.step(now: at(20, wall: 7_201)) == .run)
        timeline.ended(failed: false, now: at(20, wall: 7_201))
        #expect(timeline.nextRun == 1_600_007_400 && timeline.runs == 1)
    }

    @Test func aClockSetBackDoesNotRepeatWhatHasRun() throws {
        let timeline = try cron("*/5 * * * *")
        #expect(timeline.step(now: at(200)) == .run)
        timeline.ended(failed: false, now: at(200))
        // Ten minutes back: 12:20 and 12:25 come again, 12:30 as well.
        #expect(timeline.step(now: at(201, wall: -400)) == wait(231))
        #expect(timeline.nextRun == 1_600_000_500)
    }

    @Test func aClockSetBackByDaysStartsAnew() throws {
        let timeline = try cron("0 * * * *")
        #expect(timeline.step(now: at(1)) == wait(31))
        #expect(timeline.step(now: at(2, wall: -864_000)) == wait(32))
        #expect(timeline.nextRun == 1_600_000_000 - 864_000 + 2_000 as Double)
    }

    @Test func whatALongRunOfACronTaskMissesIsLeftOut() throws {
        let timeline = try cron("* * * * *")
        #expect(run(timeline, at: 20, until: 199) == 200)
        #expect(run(timeline, at: 200, until: 200.5) == 260)
    }

    @Test func aCronRunThatEndsOnTheMinuteIsFollowedByThatMinutes() throws {
        let timeline = try cron("* * * * *")
        #expect(run(timeline, at: 20, until: 80) == 80)
    }

    // MARK: Several at once

    @Test func runsOverlapUpToTheBound() throws {
        let timeline = try every(1, TaskOptions(mostRuns: 2))
        #expect(timeline.step(now: at(1)) == .run)
        #expect(timeline.step(now: at(1)) == wait(2))
        #expect(timeline.step(now: at(2)) == .run)
        #expect(timeline.step(now: at(3)) == wait(4))
        #expect(timeline.running == 2 && timeline.runs == 2)
        timeline.ended(failed: false, now: at(3.5))
        #expect(timeline.step(now: at(3.5)) == wait(4))
        #expect(timeline.step(now: at(4)) == .run)
    }

    @Test func aRequestAtTheBoundWaitsForAnEnd() throws {
        let timeline = try every(1, TaskOptions(mostRuns: 2))
        #expect(timeline.step(now: at(1)) == .run && timeline.step(now: at(2)) == .run)
        #expect(timeline.request())
        #expect(timeline.step(now: at(2.5)) == .wait(until: nil))
        timeline.ended(failed: false, now: at(2.6))
        #expect(timeline.step(now: at(2.6)) == .run)
        #expect(timeline.step(now: at(2.6)) == wait(3))
    }

    // MARK: Cancelling, chance

    @Test func nothingComesAfterACancel() throws {
        let timeline = try every(1)
        #expect(timeline.step(now: at(1)) == .run)
        #expect(timeline.cancel() && !timeline.cancel() && !timeline.request())
        #expect(timeline.nextRun == nil && !timeline.isActive)
        #expect(timeline.step(now: at(2)) == .wait(until: nil))
        timeline.ended(failed: true, now: at(3))
        #expect(timeline.step(now: at(3)) == .end && timeline.nextRun == nil)
    }

    @Test func jitterPutsEachRunOffAndLeavesTheRhythm() throws {
        let timeline = try every(10, TaskOptions(jitter: 4))
        #expect(timeline.step(now: at(10)) == wait(12))
        #expect(timeline.step(now: at(11.9)) == wait(12))
        #expect(run(timeline, at: 12, until: 12.5) == 22)
        #expect(run(timeline, at: 22, until: 22.5) == 32)
        let minutes = try cron("* * * * *", TaskOptions(jitter: 4))
        #expect(minutes.step(now: at(20)) == wait(22))
        #expect(run(minutes, at: 22, until: 22.5) == 82)
    }

    @Test func numbersThatAreNoScheduleAreRefused() {
        #expect(throws: TaskScheduleError.notPositive) { try TaskSchedule.every(0) }
        #expect(throws: TaskScheduleError.notPositive) { try TaskSchedule.every(-1) }
        #expect(throws: TaskScheduleError.notANumber) { try TaskSchedule.every(.nan) }
        #expect(throws: TaskScheduleError.tooLarge) { try TaskSchedule.every(.infinity) }
        #expect(throws: TaskScheduleError.negative) { try TaskSchedule.after(-0.1) }
        #expect(throws: TaskScheduleError.notANumber) { try TaskSchedule.after(.nan) }
        #expect(throws: TaskScheduleError.tooLarge) { try TaskSchedule.after(1e10) }
        #expect(throws: Never.self) { _ = (try TaskSchedule.after(0), try TaskSchedule.every(1e-12)) }
    }
}

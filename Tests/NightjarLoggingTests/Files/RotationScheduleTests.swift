import Foundation
import NightjarLogging
import Testing

@Suite struct RotationScheduleTests {
    private struct Golden: Decodable {
        let when: String
        let atTime: String?
        let now: Int
        let rollover: Int

        init(from decoder: any Decoder) throws {
            var row = try decoder.unkeyedContainer()
            when = try row.decode(String.self)
            atTime = try row.decode(String?.self)
            now = try row.decode(Int.self)
            rollover = try row.decode(Int.self)
        }
    }

    @Test func rolloversAreThoseOfPython() throws {
        for golden in try Goldens.load("rotations", as: [Golden].self) {
            let parts = golden.atTime?.split(separator: ":").compactMap { Int($0) }
            let time = parts.map { RotationSchedule.TimeOfDay(hour: $0[0], minute: $0[1], second: $0[2]) }
            let schedule = try RotationSchedule(when: golden.when, utc: true, atTime: time)
            #expect(
                schedule.rollover(after: golden.now) == golden.rollover,
                "\(golden.when) at \(golden.atTime ?? "midnight") after \(golden.now)")
        }
    }

    /// As Python does from 3.12 on.
    @Test func theTimeOfRotationItselfWaitsForTheNext() throws {
        let midnight = 1_704_153_600
        let schedule = try RotationSchedule(when: "midnight", utc: true)
        #expect(schedule.rollover(after: midnight) == midnight + 86_400)
        #expect(
            try RotationSchedule(when: "midnight", interval: 3, utc: true).rollover(after: midnight + 5) == midnight + 3
                * 86_400)
        #expect(schedule.start(before: midnight) == midnight - 86_400)
    }

    @Test func wrongOnesAreRefusedInPythonsWords() {
        for (when, message) in [
            ("X", "Invalid rollover interval specified: X"), ("w7", "Invalid day specified for weekly rollover: W7"),
            ("W", "You must specify a day for weekly rollover from 0 to 6 (0 is Monday): W"),
        ] {
            let error = #expect(throws: LoggingError.self) { try RotationSchedule(when: when) }
            #expect(error?.message == message)
        }
        #expect(throws: LoggingError.self) { try RotationSchedule(when: "S", interval: 0) }
        #expect(throws: LoggingError.self) { try RotationSchedule(atTime: .init(hour: 24)) }
    }
}

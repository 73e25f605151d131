internal import Glibc
internal import Synchronization

/// Decides when a file is moved away for a new one, and to where.
protocol RotationStrategy: Sendable {
    /// Whether the file, so large now, is to be rotated before so many bytes are added at a time (seconds since 1970).
    func isDue(size: Int, adding count: Int, at time: Int) -> Bool
    /// As `isDue`, but says so also where the strategy has nowhere to move the file to: a subclass may have.
    func isFull(size: Int, adding count: Int, at time: Int) -> Bool
    /// Moves the file away and removes what is too old. The file is closed to all writers meanwhile.
    func rotate(_ files: RotatedFiles, _ steps: RotationSteps, at time: Int) throws
}

extension RotationStrategy {
    func isFull(size: Int, adding count: Int, at time: Int) -> Bool { isDue(size: size, adding: count, at: time) }
}

/// Never rotates: for files that somebody else rotates.
struct NoRotation: RotationStrategy {
    func isDue(size: Int, adding count: Int, at time: Int) -> Bool { false }
    func rotate(_ files: RotatedFiles, _ steps: RotationSteps, at time: Int) {}
}

/// Rotates before a file grows to a size in bytes, to `name.1`, `name.2` and so on.
final class SizeRotation: RotationStrategy {
    struct Settings: Sendable {
        var maxBytes: Int
        var backupCount: Int
    }
    private let storage: Mutex<Settings>

    init(maxBytes: Int, backupCount: Int) {
        storage = Mutex(Settings(maxBytes: maxBytes, backupCount: backupCount))
    }

    var settings: Settings {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }

    func isDue(size: Int, adding count: Int, at time: Int) -> Bool {
        settings.backupCount > 0 && isFull(size: size, adding: count, at: time)
    }

    func isFull(size: Int, adding count: Int, at time: Int) -> Bool {
        let limit = settings.maxBytes
        // An empty file is not rotated, whatever is to be written: there would be nothing in it.
        return limit > 0 && size > 0 && size + count >= limit
    }

    func rotate(_ files: RotatedFiles, _ steps: RotationSteps, at time: Int) throws {
        let count = settings.backupCount
        guard count > 0 else { return }
        files.waitForCompression()
        var moved: [String] = []
        // What an earlier, larger count left behind stays, as in Python; names are asked for in Python's order.
        for number in stride(from: count - 1, to: 0, by: -1) {
            let source = try files.name("\(files.base).\(number)", steps)
            moved.append(try files.name("\(files.base).\(number + 1)", steps))
            try files.shift(from: source, to: moved[moved.count - 1])
        }
        moved.append(try files.name("\(files.base).1", steps))
        try files.moveBase(to: moved[moved.count - 1], steps)
        files.compress(moved)
    }
}

/// Rotates by the clock, to `name.2024-01-02`.
final class TimeRotation: RotationStrategy {
    private let storage: Mutex<State>

    private struct State {
        var schedule: RotationSchedule
        var backupCount: Int
        var rolloverAt: Int
        var suffix: String
    }

    /// - Parameter start: when the file was last written, or now for a new one.
    init(_ schedule: RotationSchedule, backupCount: Int, from start: Int) {
        storage = Mutex(
            State(
                schedule: schedule, backupCount: backupCount, rolloverAt: schedule.rollover(after: start),
                suffix: schedule.suffixFormat))
    }

    var schedule: RotationSchedule {
        get { storage.withLock { $0.schedule } }
        set { storage.withLock { $0.schedule = newValue } }
    }

    var backupCount: Int {
        get { storage.withLock { $0.backupCount } }
        set { storage.withLock { $0.backupCount = newValue } }
    }
    /// Seconds since 1970.
    var rolloverAt: Int {
        get { storage.withLock { $0.rolloverAt } }
        set { storage.withLock { $0.rolloverAt = newValue } }
    }
    /// A format of `strftime`.
    var suffix: String {
        get { storage.withLock { $0.suffix } }
        set { storage.withLock { $0.suffix = newValue } }
    }

    func isDue(size: Int, adding count: Int, at time: Int) -> Bool { time >= rolloverAt }

    func rotate(_ files: RotatedFiles, _ steps: RotationSteps, at time: Int) throws {
        let schedule = schedule, start = schedule.start(before: rolloverAt)
        let name = try files.name("\(files.base).\(schedule.suffix(for: start, format: suffix))", steps)
        // Another process may have done it already.
        if !files.exists(name) {
            files.waitForCompression()
            try files.moveBase(to: name, steps)
        }
        rolloverAt = try steps.nextRollover?(time) ?? schedule.rollover(after: time)
        if backupCount > 0 {
            for old in try steps.filesToDelete?() ?? filesToDelete(files) { try files.remove(old) }
        }
        files.compress([name])
    }

    /// The rotated files beyond `backupCount`, oldest first.
    func filesToDelete(_ files: RotatedFiles) throws -> [String] {
        let keep = backupCount, suffix = RotationSuffix(suffix)
        let found =
            if files.namer == nil {
                files.siblings { suffix.matches($0) }
            } else {
                try files.namedSiblings(with: suffix)
            }
        return Array(found.sorted().dropLast(keep))
    }
}

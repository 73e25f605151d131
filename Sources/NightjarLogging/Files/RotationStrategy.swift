internal import Glibc
internal import Synchronization

/// Decides when a file is moved away for a new one, and to where.
protocol RotationStrategy: Sendable {
    /// Whether the file, so large now, is to be rotated before so many bytes are added at a time (seconds since 1970).
    func isDue(size: Int, adding count: Int, at time: Int) -> Bool
    /// Moves the file away and removes what is too old. The file is closed to all writers meanwhile.
    func rotate(_ files: RotatedFiles, at time: Int) throws
}

/// Never rotates: for files that somebody else rotates.
struct NoRotation: RotationStrategy {
    func isDue(size: Int, adding count: Int, at time: Int) -> Bool { false }
    func rotate(_ files: RotatedFiles, at time: Int) {}
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
        let settings = settings
        // An empty file is not rotated, whatever is to be written: there would be nothing in it.
        return settings.maxBytes > 0 && settings.backupCount > 0 && size > 0 && size + count >= settings.maxBytes
    }

    func rotate(_ files: RotatedFiles, at time: Int) throws {
        let count = settings.backupCount
        guard count > 0 else { return }
        files.waitForCompression()
        // What an earlier, larger count left behind stays, as in Python.
        try files.remove(files.name("\(files.base).\(count)"))
        for number in stride(from: count - 1, to: 0, by: -1) {
            try files.shift(from: files.name("\(files.base).\(number)"), to: files.name("\(files.base).\(number + 1)"))
        }
        try files.moveBase(to: files.name("\(files.base).1"))
        files.compress(try (1...count).map { try files.name("\(files.base).\($0)") })
    }
}

/// Rotates by the clock, to `name.2024-01-02`.
final class TimeRotation: RotationStrategy {
    let schedule: RotationSchedule
    private let storage: Mutex<State>

    private struct State {
        var backupCount: Int
        var rolloverAt: Int
        var suffix: String
    }

    /// - Parameter start: when the file was last written, or now for a new one.
    init(_ schedule: RotationSchedule, backupCount: Int, from start: Int) {
        self.schedule = schedule
        storage = Mutex(
            State(
                backupCount: backupCount, rolloverAt: schedule.rollover(after: start), suffix: schedule.suffixFormat))
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

    func rotate(_ files: RotatedFiles, at time: Int) throws {
        let start = schedule.start(before: rolloverAt)
        let name = try files.name("\(files.base).\(schedule.suffix(for: start, format: suffix))")
        // Another process may have done it already.
        if !files.exists(name) {
            files.waitForCompression()
            try files.moveBase(to: name)
        }
        rolloverAt = schedule.rollover(after: time)
        for old in filesToDelete(files) { try files.remove(old) }
        files.compress([name])
    }

    /// The rotated files beyond `backupCount`, oldest first.
    func filesToDelete(_ files: RotatedFiles) -> [String] {
        let keep = backupCount
        guard keep > 0 else { return [] }
        let found = files.siblings { name in name.split(separator: ".").contains { schedule.isSuffix($0) } }
        return Array(found.sorted().dropLast(keep))
    }
}

// For C's streams, which Swift takes for mutable state: nobody assigns them.
@preconcurrency import Glibc
import Nightjar
import Synchronization

/// The samples of a run, and what was wrong with it.
final class Record: Sendable {
    private struct State {
        var samples: [Sample] = []
        var failures: [String] = []
        var progress = ""
        var lastProgress = Deadline.now
    }
    private let state = Mutex(State())

    func add(_ sample: Sample) {
        state.withLock { $0.samples.append(sample) }
        noteProgress()
    }

    func fail(_ problem: String) { state.withLock { $0.failures.append(problem) } }

    /// What the script has done so far, for the summary.
    func progress(_ text: String) {
        state.withLock { $0.progress = text }
        noteProgress()
    }

    private func noteProgress() { state.withLock { $0.lastProgress = .now } }

    // MARK: Hangs

    private static let patience = 120.0

    /// Ends the process when nothing has happened for two minutes.
    func watch() {
        let timers = TimerQueue(name: "watch")
        @Sendable func look() {
            let (last, text) = state.withLock { ($0.lastProgress, $0.progress) }
            if -last.secondsLeft > Self.patience {
                fputs("soak: FAILED: nothing has happened for \(Self.patience) s, after \(text)\n", stderr)
                abort()
            }
            _ = try? timers.schedule(at: Deadline(after: 5)) { look() }
        }
        look()
    }

    // MARK: The judgement

    /// How much more than after the warm-up there may be at the end.
    private static let heapMargin = 1 << 20, residentMargin = 8 << 20

    /// Prints one line, and ends the process.
    func compare(before: Sample, after: Sample, seed: Int) -> Never {
        let (samples, early, progress) = state.withLock { ($0.samples, $0.failures, $0.progress) }
        var failures = early
        if samples.count < 4 {
            failures.append("only \(samples.count) samples: too short a run to compare anything")
        } else {
            failures += growth(samples)
        }
        failures += leftovers(before, after)
        for failure in failures { print("soak: FAILED: \(failure)") }
        let warm = median(samples.dropFirst(samples.count / 4).prefix(3)), end = median(samples.suffix(3))
        print("soak: \(failures.isEmpty ? "passed" : "FAILED"), seed \(seed): \(progress); \(table(warm, end, after))")
        exit(failures.isEmpty ? 0 : 1)
    }

    /// A quarter of the run is the warm-up. Then three samples, and the last three, by their medians.
    private func growth(_ samples: [Sample]) -> [String] {
        let warm = median(samples.dropFirst(samples.count / 4).prefix(3)), end = median(samples.suffix(3))
        var problems: [String] = []
        func check(_ name: String, _ path: KeyPath<Sample, Int>, _ margin: Int) {
            let (old, new) = (warm[keyPath: path], end[keyPath: path])
            if new > old + margin { problems.append("\(name) grew from \(old) to \(new), more than \(margin)") }
        }
        check("heap", \.heap, Self.heapMargin)
        check("resident memory", \.resident, max(Self.residentMargin, warm.resident / 10))
        check("threads", \.threads, 2)
        check("descriptors", \.descriptors, 0)
        check("interpreters", \.interpreters, 2)
        check("objects", \.tokens, 0)
        return problems
    }

    /// When the runtime is gone nothing of it is there.
    private func leftovers(_ before: Sample, _ after: Sample) -> [String] {
        var problems: [String] = []
        if after.tokens != 0 { problems.append("\(after.tokens) objects are left at the end") }
        if after.interpreters != 0 { problems.append("\(after.interpreters) interpreters are left at the end") }
        // The watch, the timer of deadlines, and the one of executors.
        if after.threads > before.threads + 3 {
            problems.append("\(after.threads - before.threads) threads are left at the end")
        }
        if after.descriptors > before.descriptors {
            problems.append("\(after.descriptors - before.descriptors) descriptors are left at the end")
        }
        return problems
    }

    private func median(_ samples: some Collection<Sample>) -> Sample {
        func middle(_ path: KeyPath<Sample, Int>) -> Int {
            let sorted = samples.map { $0[keyPath: path] }.sorted()
            return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        }
        return Sample(
            resident: middle(\.resident), heap: middle(\.heap), threads: middle(\.threads),
            descriptors: middle(\.descriptors), interpreters: middle(\.interpreters), tokens: middle(\.tokens))
    }

    private func table(_ warm: Sample, _ end: Sample, _ after: Sample) -> String {
        func megabytes(_ bytes: Int) -> String {
            let tenths = (bytes * 10 + (1 << 19)) >> 20
            return "\(tenths / 10).\(tenths % 10)"
        }
        return [
            "heap \(megabytes(warm.heap)) -> \(megabytes(end.heap)) MiB",
            "resident \(megabytes(warm.resident)) -> \(megabytes(end.resident)) MiB",
            "threads \(warm.threads) -> \(end.threads) (\(after.threads) after)",
            "interpreters \(warm.interpreters) -> \(end.interpreters) (\(after.interpreters) after)",
            "descriptors \(warm.descriptors) -> \(end.descriptors)",
            "objects \(warm.tokens) -> \(end.tokens) (\(after.tokens) after)",
        ].joined(separator: ", ")
    }
}

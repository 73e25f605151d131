internal import Synchronization

/// Lets a share of the records pass, at random. With a seed the same records pass in every run. Thread-safe.
public final class SamplingFilter: Filter {
    /// From 0, nothing, to 1, everything.
    public let rate: Double
    /// Records of this level or above always pass.
    public let level: Level?
    private let threshold: UInt64
    private let state: Atomic<UInt64>

    /// - Parameter seed: where the row of random numbers starts; nil is another place in every run.
    /// - Throws: `LoggingError` of kind `.value` for a rate that is no share.
    public init(rate: Double, seed: Int? = nil, level: Level? = nil) throws(LoggingError) {
        guard (0...1).contains(rate) else { throw LoggingError(.value, "rate must be between 0 and 1, got \(rate)") }
        self.rate = rate
        self.level = level
        threshold = rate >= 1 ? .max : UInt64(rate * 0x1p64)
        state = Atomic(seed.map { UInt64(bitPattern: Int64($0)) } ?? .random(in: .min ... .max))
    }

    public var recordNeeds: RecordNeeds { [] }

    public func filter(_ record: inout LogRecord) -> FilterDecision {
        if let level, record.level >= level { return .keep }
        return rate >= 1 || next() < threshold ? .keep : .drop
    }

    /// SplitMix64, whose state is a counter: threads share it without a lock.
    /// Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
    private func next() -> UInt64 {
        var value = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

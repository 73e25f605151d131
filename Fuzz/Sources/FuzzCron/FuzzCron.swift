// The cron parser and the search for the next run: any text is an expression or a CronError, and the runs of an expression
// are later than what they follow, in order, on whole minutes, and fit the fields that they were made from. The zone
// changes its clocks at random.
import NightjarConcurrency

@_cdecl("LLVMFuzzerTestOneInput") public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    // The expression is the first line; what follows makes the zone and the time.
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let text = String(decoding: line, as: UTF8.self)
    var rest = bytes.dropFirst(line.count + 1)
    let zone = RandomZone(&rest)
    let instant = number(&rest) % 20_000_000_000
    guard let expression = try? CronExpression(text) else { return 0 }
    check(expression, from: instant, in: UTCZone())
    check(expression, from: instant, in: zone)
    return 0
}

private func check(_ expression: CronExpression, from instant: Int, in zone: some ZoneOffsets) {
    var last = instant
    for _ in 0..<8 {
        guard let next = expression.next(after: last, in: zone) else {
            fatalError("'\(expression)' has no run after \(last)")
        }
        precondition(next > last, "'\(expression)': \(next) is not after \(last)")
        // What is skipped is made up for at the change, which may be at any second.
        precondition(next % 60 == 0 || zone is RandomZone, "'\(expression)': \(next) is no whole minute")
        // Halfway there it is still the next one.
        let middle = last + (next - last) / 2
        precondition(expression.next(after: middle, in: zone) == next, "'\(expression)': not \(next) after \(middle)")
        last = next
    }
}

/// Clocks that are changed every so many hours, on whole minutes, back and forth by up to three hours.
private struct RandomZone: ZoneOffsets {
    let base: Int
    let shift: Int
    let period: Int

    init(_ bytes: inout Slice<UnsafeBufferPointer<UInt8>>) {
        base = (number(&bytes) % 28 - 14) * 1_800
        shift = number(&bytes) % 181 * 60
        period = (number(&bytes) % 9_000 + 8) * 3_600
    }

    func offset(at instant: Int) -> Int {
        let part = ((instant % (2 * period)) + 2 * period) % (2 * period)
        return base + (part < period ? 0 : shift)
    }
}

/// Four bytes as a number from 0 on; fewer where the input ends.
private func number(_ bytes: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    let part = bytes.prefix(4)
    bytes = bytes.dropFirst(4)
    return part.reduce(0) { $0 << 8 | Int($1) }
}

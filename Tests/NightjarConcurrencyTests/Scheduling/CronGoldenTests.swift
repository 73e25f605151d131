import Glibc
import NightjarConcurrency
import Testing

/// Replays `Tests/Golden/cron.txt`, which `Tests/Golden/record_cron.py` worked out minute by minute with Python's zoneinfo.
@Suite struct CronGoldenTests {
    /// The changes of clocks that the recording lists.
    private struct RecordedZone: ZoneOffsets {
        let first: Int
        let changes: [(instant: Int, offset: Int)]

        init(_ cells: ArraySlice<Substring>) throws {
            first = try #require(cells.first.flatMap { Int($0) })
            changes = try cells.dropFirst().map { cell in
                let parts = cell.split(separator: ":")
                return (try #require(Int(parts[0])), try #require(Int(parts[1])))
            }
        }

        func offset(at instant: Int) -> Int { changes.last { $0.instant <= instant }?.offset ?? first }
    }

    @Test func everyRecordedRunIsFound() throws {
        var zones: [Substring: RecordedZone] = [:]
        var count = 0
        for line in try lines() {
            let cells = line.split(separator: "\t")
            if cells[0] == "zone" {
                zones[cells[1]] = try RecordedZone(cells[2...])
                continue
            }
            let zone = try #require(zones[cells[1]])
            let found = try CronExpression(String(cells[2])).next(after: #require(Int(cells[3])), in: zone)
            #expect(found == Int(cells[4]), "\(line): \(found.map(String.init) ?? "none")")
            count += 1
        }
        #expect(count > 3000)
    }

    private func lines() throws -> [Substring] {
        let here = #filePath.split(separator: "/").prefix { $0 != "NightjarConcurrencyTests" }
        let file = try #require(fopen("/" + here.joined(separator: "/") + "/Golden/cron.txt", "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}

import Glibc
@testable import NightjarBinary
import Testing

/// Whatever the bytes are: an error or the right data, never a crash and never wrong data.
@Suite struct ZipHostileTests {
    private let members: [(String, [UInt8])] = [
        ("first.txt", sampleText(700)), ("empty", []), ("ü/zweite", sampleNoise(90)), ("last", sampleText(40)),
    ]

    /// Reads all that can be read in every way; data that was given out as sound must be a member's.
    private func exercise(_ bytes: [UInt8]) throws -> Int {
        guard let archive = try? ZipArchive(bytes: bytes) else { return 0 }
        var sound = 0
        for info in archive.infolist() {
            let whole = try? archive.read(info)
            let streamed = try? archive.open(info).read()
            #expect(whole == streamed)
            guard let whole else { continue }
            #expect(members.contains { $0.1 == whole })
            sound += 1
        }
        _ = try? archive.testzip()
        return sound
    }

    @Test(arguments: [ZipCompressionMethod.stored, .deflated])
    func anArchiveCutAtAnyByteIsRefused(method: ZipCompressionMethod) throws {
        let bytes = try archiveBytes(members, method: method, comment: "cut me")
        for length in 0..<bytes.count {
            #expect(throws: ZipError(.badZipFile, "File is not a zip file")) {
                try ZipArchive(bytes: Array(bytes[..<length]))
            }
        }
        #expect(try exercise(bytes) == members.count)
    }

    @Test(arguments: [ZipCompressionMethod.stored, .deflated])
    func aFlippedByteNeverGivesWrongData(method: ZipCompressionMethod) throws {
        let bytes = try archiveBytes(members, method: method, comment: "flip")
        for index in bytes.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] ^= mask
                _ = try exercise(damaged)
            }
        }
    }

    @Test func zip64RecordsSurviveTheSame() throws {
        let folder = try TemporaryFolder()
        var options = ZipArchive.Options()
        options.lowerZip64Thresholds(size: 10, count: 1)
        let archive = try ZipArchive(path: folder.file("a.zip"), mode: .write, options: options)
        for (name, data) in members { try archive.writestr(name, data) }
        try archive.close()
        let bytes = try contents(of: folder.file("a.zip"))
        #expect(try exercise(bytes) == members.count)
        for index in bytes.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] ^= mask
                _ = try exercise(damaged)
            }
        }
        for length in 0..<bytes.count { #expect(try exercise(Array(bytes[..<length])) == 0) }
    }

    @Test func randomFieldsOfExtremeValuesDoNotTrap() throws {
        let bytes = try archiveBytes(members)
        var generator = SeededGenerator(seed: 7)
        let extremes: [[UInt8]] = [
            [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0xFF],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 0, 0, 0, 0x80],
        ]
        let directory = bytes.count - 22 - members.reduce(0) { $0 + 46 + $1.0.utf8.count }
        for _ in 0..<20_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let extreme = extremes.randomElement(using: &generator)!
                let position = Int.random(in: directory...damaged.count - extreme.count, using: &generator)
                damaged.replaceSubrange(position..<position + extreme.count, with: extreme)
            }
            _ = try exercise(damaged)
        }
    }

    @Test func membersThatOverlapAreRefused() throws {
        // Ten entries, all for the one member there is.
        let script = """
            import zipfile
            z = zipfile.ZipFile('bomb.zip', 'w', zipfile.ZIP_DEFLATED)
            z.writestr('a', b'x' * 1000)
            info = z.filelist[0]
            z.filelist.extend([info] * 9)
            z.close()
            """
        let folder = try TemporaryFolder()
        try write(Array(script.utf8), to: folder.file("make.py"))
        #expect(shell("cd '\(folder.path)' && python3 make.py").status == 0)
        let archive = try ZipArchive(path: folder.file("bomb.zip"))
        #expect(archive.namelist().count == 10)
        #expect(throws: ZipError(.badZipFile, "Overlapped entries: 'a' (possible zip bomb)")) {
            try archive.extractall(to: folder.file("out"))
        }
    }

    @Test func aMemberThatQuotesTheNextIsRefused() throws {
        var bytes = try archiveBytes([("a", [1, 2]), ("b", [3])], method: .stored)
        let entry = try #require((0..<bytes.count - 4).first { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 1, 2] })
        for (size, isOverlapping) in [(2, false), (3, true), (34, true), (200, true)] {
            for field in [20, 24] { bytes[entry + field] = UInt8(size) }
            let archive = try ZipArchive(bytes: bytes)
            if isOverlapping {
                #expect(throws: ZipError(.badZipFile, "Overlapped entries: 'a' (possible zip bomb)")) {
                    try archive.read("a")
                }
            } else {
                #expect(try archive.read("a") == [1, 2])
            }
            #expect(try archive.read("b") == [3])
        }
    }

    @Test func sizesThatLieAreFoundOut() throws {
        let bytes = try archiveBytes([("a", sampleText(5000))])
        let entry = try #require((0..<bytes.count - 4).last { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 1, 2] })
        for size: [UInt8] in [
            [10, 0, 0, 0], [0x87, 0x13, 0, 0], [0x89, 0x13, 0, 0], [0, 0, 0xFF, 0], [0xFE, 0xFF, 0xFF, 0xFF],
        ] {
            var damaged = bytes
            damaged.replaceSubrange(entry + 24..<entry + 28, with: size)
            let archive = try ZipArchive(bytes: damaged)
            let whole = #expect(throws: ZipError.self) { try archive.read("a", limits: .unlimited) }
            #expect(whole?.kind == .badZipFile)
            let streamed = #expect(throws: ZipError.self) { try archive.open("a").read() }
            #expect(streamed?.kind == .badZipFile)
        }
    }

    @Test func aLocalHeaderWithAnotherNameIsRefused() throws {
        var bytes = try archiveBytes([("name", [1])])
        bytes[30] = UInt8(ascii: "g")
        let archive = try ZipArchive(bytes: bytes)
        #expect(throws: ZipError(.badZipFile, "File name in directory 'name' and header b'game' differ.")) {
            try archive.read("name")
        }
    }

    @Test func bytesBeforeAndJunkAfterAnArchiveAreAccepted() throws {
        let bytes = try archiveBytes(members, comment: "c")
        #expect(try exercise(sampleNoise(70_000) + bytes) == members.count)
        #expect(try exercise(bytes + [13, 10, 0]) == members.count)
        #expect(try exercise(sampleNoise(1) + bytes + sampleNoise(1000)) == members.count)
    }

    @Test func namesWithoutTheFlagAreCodePage437() throws {
        var bytes = try archiveBytes([("aXb", [1])])
        for index in bytes.indices where bytes[index] == UInt8(ascii: "X") { bytes[index] = 0x81 }
        #expect(try ZipArchive(bytes: bytes).namelist() == ["aüb"])
        #expect(try ZipArchive(bytes: bytes).read("aüb") == [1])
    }

    @Test func differentSpellingsOfAnAccentAreDifferentMembers() throws {
        let archive = try ZipArchive(bytes: archiveBytes([("\u{E9}", [1]), ("e\u{301}", [2])]))
        #expect(try archive.read("\u{E9}") == [1])
        #expect(try archive.read("e\u{301}") == [2])
    }
}

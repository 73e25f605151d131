@testable import NightjarBinary
import Testing

@Suite struct ZipArchiveTests {
    let folder = try! TemporaryFolder()

    private func options(_ method: ZipCompressionMethod, level: Int? = nil) -> ZipArchive.Options {
        var options = ZipArchive.Options()
        options.compression = method
        options.compressionLevel = level
        return options
    }

    private func expectToolsAccept(_ path: String) {
        for command in ["unzip -t", "7z t", "python3 -m zipfile -t"] {
            let result = shell("\(command) '\(path)'")
            #expect(result.status == 0, "\(command): \(result.output)")
            #expect(!result.output.contains("warning") && !result.output.contains("bad"), "\(result.output)")
        }
    }

    @Test(arguments: [ZipCompressionMethod.stored, .deflated])
    func otherToolsReadWhatWasWritten(method: ZipCompressionMethod) throws {
        let path = folder.file("a.zip")
        let large = sampleText(9 << 20)
        let archive = try ZipArchive(path: path, mode: .write, options: options(method))
        try archive.writestr("small.txt", sampleText(5000))
        try archive.writestr("empty", [])
        try archive.writestr("noise", sampleNoise(100_000))
        try archive.mkdir("folder")
        try archive.writestr("folder/käse.txt", [1, 2, 3])
        let writer = try archive.openForWriting("large")
        for start in stride(from: 0, to: large.count, by: 700_001) {
            try writer.write(Array(large[start..<min(start + 700_001, large.count)]))
        }
        try writer.close()
        archive.comment = Array("a comment".utf8)
        try archive.close()

        expectToolsAccept(path)
        #expect(folder.names == ["a.zip"])
        let reader = try ZipArchive(path: path)
        #expect(reader.namelist() == ["small.txt", "empty", "noise", "folder/", "folder/käse.txt", "large"])
        #expect(try reader.read("small.txt") == sampleText(5000))
        #expect(try reader.read("empty") == [])
        #expect(try reader.read("noise") == sampleNoise(100_000))
        #expect(try reader.read("large") == large)
        #expect(reader.comment == Array("a comment".utf8))
        #expect(try reader.testzip() == nil)
        if method == .deflated {
            #expect(try reader.getinfo("large").compressSize < large.count / 2)
        }
    }

    @Test(arguments: 0...9) func everyLevelRoundTrips(level: Int) throws {
        let path = folder.file("a.zip")
        let archive = try ZipArchive(path: path, mode: .write, options: options(.deflated, level: level))
        try archive.writestr("whole", sampleText(70_000))
        let writer = try archive.openForWriting("streamed")
        try writer.write(sampleText(8 << 20))
        try writer.write([7])
        try writer.close()
        try archive.close()
        let reader = try ZipArchive(path: path)
        #expect(try reader.testzip() == nil)
        #expect(try reader.read("streamed").last == 7)
        #expect(shell("unzip -tq '\(path)'").status == 0)
    }

    @Test func archivesOfOtherToolsAreRead() throws {
        try write(sampleText(300_000), to: folder.file("one.txt"))
        try write([], to: folder.file("zwei ü"))
        for command in [
            "7z a -tzip a.zip one.txt 'zwei ü'",
            "python3 -m zipfile -c a.zip one.txt 'zwei ü'",
        ] {
            #expect(shell("cd '\(folder.path)' && rm -f a.zip && \(command)").status == 0)
            let archive = try ZipArchive(path: folder.file("a.zip"))
            #expect(try archive.read("one.txt") == sampleText(300_000), "\(command)")
            #expect(try archive.read("zwei ü") == [], "\(command)")
            #expect(try archive.testzip() == nil)
        }
    }

    @Test func infoZipsArchivesFromFilesAndPipesAreRead() throws {
        try write(sampleText(300_000), to: folder.file("one.txt"))
        #expect(
            shell(
                "cd '\(folder.path)' && zip -q a.zip one.txt && cat one.txt | zip -q b.zip - && zip -fdq c.zip one.txt"
            ).status == 0)
        #expect(try ZipArchive(path: folder.file("a.zip")).read("one.txt") == sampleText(300_000))
        #expect(try ZipArchive(path: folder.file("b.zip")).read("-") == sampleText(300_000))
        #expect(try ZipArchive(path: folder.file("c.zip")).read("one.txt") == sampleText(300_000))
    }

    @Test func aUnicodePathRecordGivesTheName() throws {
        var stale = unicodePathOfRaw
        stale[5] ^= 1
        for (record, name) in [(unicodePathOfRaw, "ü"), (stale, "raw")] {
            var info = try ZipInfo(filename: "raw")
            info.extra = record
            let archive = try ZipArchive(path: folder.file("a.zip"), mode: .write)
            try archive.writestr(info, [1])
            try archive.close()
            let reader = try ZipArchive(path: folder.file("a.zip"))
            #expect(reader.namelist() == [name])
            #expect(try reader.read(name) == [1])
        }
    }

    @Test func anArchiveWithoutMembersIsAnEmptyZip() throws {
        let path = folder.file("a.zip")
        let archive = try ZipArchive(path: path, mode: .write)
        try archive.close()
        try archive.close()
        #expect(try contents(of: path).count == 22)
        #expect(try ZipArchive(path: path).namelist() == [])
        #expect(ZipArchive.isZipFile(path))
    }

    @Test func membersAreReadWhileOthersAreWritten() throws {
        let archive = try ZipArchive(path: folder.file("a.zip"), mode: .write, options: options(.deflated))
        try archive.writestr("a", [1])
        #expect(try archive.read("a") == [1])
        let reader = try archive.open("a")
        try archive.writestr("b", [2])
        #expect(try reader.read() == [1])
        #expect(try archive.read("b") == [2])
        try archive.close()
        #expect(folder.names == ["a.zip"])
    }

    @Test func ofSeveralMembersWithOneNameTheLastIsFoundAndAllAreKept() throws {
        let warnings = Warnings()
        var options = ZipArchive.Options()
        options.onWarning = { warnings.add($0) }
        let archive = try ZipArchive(path: folder.file("a.zip"), mode: .write, options: options)
        try archive.writestr("a", [1])
        try archive.writestr("a", [2])
        try archive.close()
        #expect(warnings.all == ["Duplicate name: 'a'"])
        let reader = try ZipArchive(path: folder.file("a.zip"))
        #expect(reader.namelist() == ["a", "a"])
        #expect(try reader.read("a") == [2])
        #expect(try reader.read(reader.infolist()[0]) == [1])
    }

    @Test func filesAndFoldersAreAddedWithTheirTimeAndMode() throws {
        _ = shell(
            "cd '\(folder.path)' && mkdir d && echo hello > d/f && chmod 640 d/f && TZ= touch -d '2020-02-03 04:05:06' d/f"
        )
        let archive = try ZipArchive(path: folder.file("a.zip"), mode: .write, options: options(.deflated))
        try archive.write(folder.file("d/f"), arcname: "/x/../d//f")
        try archive.write(folder.file("d"), arcname: "d")
        try archive.write("/dev/null", arcname: "null")
        try archive.close()
        expectToolsAccept(folder.file("a.zip"))
        let reader = try ZipArchive(path: folder.file("a.zip"))
        #expect(reader.namelist() == ["d/f", "d/", "null"])
        let info = try reader.getinfo("d/f")
        #expect(info.externalAttributes >> 16 == 0o100640)
        #expect(info.dateTime.year == 2020 && info.dateTime.second == 6)
        #expect(try reader.getinfo("d/").externalAttributes & 0x10 != 0)
        let script =
            "import zipfile;z=zipfile.ZipInfo.from_file('\(folder.path)/d/f','d/f');print(z.date_time,z.external_attr)"
        let time = info.dateTime
        #expect(
            shell("python3 -c \"\(script)\"").output
                == "(\(time.year), \(time.month), \(time.day), \(time.hour), \(time.minute), \(time.second)) \(info.externalAttributes)\n"
        )
    }

    @Test func largeFilesAreStreamed() throws {
        try write(sampleText(20_000_000), to: folder.file("large"))
        let archive = try ZipArchive(path: folder.file("a.zip"), mode: .exclusive, options: options(.deflated))
        try archive.write(folder.file("large"), arcname: "large")
        try archive.close()
        expectToolsAccept(folder.file("a.zip"))
        #expect(try ZipArchive(path: folder.file("a.zip")).read("large") == sampleText(20_000_000))
    }

    @Test func timesOutsideTheFormatAreErrorsOrClamped() throws {
        try write([1], to: folder.file("old"))
        _ = shell("touch -d 1975-01-01 '\(folder.path)/old'")
        #expect(throws: ZipError(.value, "ZIP does not support timestamps before 1980")) {
            try ZipInfo(fromFile: folder.file("old"))
        }
        let info = try ZipInfo(fromFile: folder.file("old"), strictTimestamps: false)
        #expect(info.dateTime == .earliest)
    }

    @Test func zip64FormsAreWrittenAboveTheirThresholdsAndReadByAll() throws {
        let path = folder.file("a.zip")
        var settings = options(.deflated)
        settings.lowerZip64Thresholds(size: 100, count: 2)
        let archive = try ZipArchive(path: path, mode: .write, options: settings)
        for index in 0..<4 { try archive.writestr("m\(index)", sampleText(500 + index)) }
        let writer = try archive.openForWriting("large", forceZip64: true)
        try writer.write(sampleText(9 << 20))
        try writer.close()
        try archive.close()
        expectToolsAccept(path)
        let reader = try ZipArchive(path: path)
        #expect(try reader.read("m3") == sampleText(503))
        #expect(try reader.read("large") == sampleText(9 << 20))
        #expect(try reader.getinfo("m3").extractVersion == 45)

        // Appending to it and prepending to it keep it readable.
        let more = try ZipArchive(path: path, mode: .append, options: settings)
        try more.writestr("more", [1])
        try more.close()
        expectToolsAccept(path)
        try write(Array("#!/bin/sh\nexit 0\n".utf8) + contents(of: path), to: folder.file("b.zip"))
        #expect(try ZipArchive(path: folder.file("b.zip")).testzip() == nil)
    }

    @Test func withoutZip64WhatNeedsItIsRefused() throws {
        var settings = options(.stored)
        settings.lowerZip64Thresholds(size: 100, count: 2)
        settings.allowZip64 = false
        let archive = try ZipArchive(path: folder.file("a.zip"), mode: .write, options: settings)
        #expect(throws: ZipError(.largeZipFile, "Filesize would require ZIP64 extensions")) {
            try archive.writestr("a", sampleText(200))
        }
        try archive.writestr("a", [])
        try archive.writestr("b", [])
        #expect(throws: ZipError(.largeZipFile, "Files count would require ZIP64 extensions")) {
            try archive.writestr("c", [])
        }
        archive.abandon()
        #expect(folder.names == [])
    }

    @Test func manyThreadsShareOneArchive() async throws {
        let path = folder.file("a.zip")
        let archive = try ZipArchive(path: path, mode: .write, options: options(.deflated))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for index in 0..<50 { try archive.writestr("\(task)-\(index)", sampleText(2000 + index)) }
                }
            }
            try await group.waitForAll()
        }
        try archive.close()
        expectToolsAccept(path)
        let reader = try ZipArchive(path: path)
        #expect(reader.namelist().count == 200)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for index in 0..<50 {
                        let data = try reader.read("\(task)-\(index)")
                        #expect(data == sampleText(2000 + index))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

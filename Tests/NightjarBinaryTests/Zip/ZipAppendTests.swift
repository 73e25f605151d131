import Glibc
import NightjarBinary
import Testing

@Suite struct ZipAppendTests {
    let folder = try! TemporaryFolder()
    private var path: String { folder.file("a.zip") }

    private func expectToolsAccept(_ path: String) {
        for command in ["unzip -tq", "7z t", "python3 -m zipfile -t"] {
            let result = shell("\(command) '\(path)'")
            #expect(result.status == 0, "\(command): \(result.output)")
        }
    }

    @Test func membersAreAddedBehindTheOldArchive() throws {
        let old = try archiveBytes([("a", [1]), ("b", sampleText(1000))], comment: "old")
        try write(old, to: path)
        let archive = try ZipArchive(path: path, mode: .append)
        #expect(archive.namelist() == ["a", "b"])
        try archive.writestr("c", [3])
        #expect(try archive.read("b") == sampleText(1000))
        try archive.close()
        #expect(Array(try contents(of: path).prefix(old.count)) == old)
        expectToolsAccept(path)
        let reader = try ZipArchive(path: path)
        #expect(reader.namelist() == ["a", "b", "c"])
        #expect(reader.comment == Array("old".utf8))
        #expect(try reader.testzip() == nil)
    }

    @Test func namesThatAreStoredInOtherWaysStayReadable() throws {
        var info = try ZipInfo(filename: "raw")
        info.extra = unicodePathOfRaw
        let first = try ZipArchive(path: path, mode: .write)
        try first.writestr(info, [1])
        try first.writestr("aXb", [2])
        try first.close()
        var bytes = try contents(of: path)
        for index in bytes.indices where bytes[index] == UInt8(ascii: "X") { bytes[index] = 0x81 }
        try write(bytes, to: path)
        let archive = try ZipArchive(path: path, mode: .append)
        try archive.writestr("new", [3])
        try archive.close()
        let reader = try ZipArchive(path: path)
        #expect(reader.namelist() == ["ü", "aüb", "new"])
        #expect(try reader.testzip() == nil)
    }

    @Test func relativePathsWork() throws {
        // By way of the root, whatever the current folder is.
        let up = String(repeating: "../", count: 40)
        let archive = try ZipArchive(path: up + path.dropFirst(), mode: .write)
        try archive.writestr("a", [1])
        try archive.close()
        #expect(try ZipArchive(path: path).read("a") == [1])
    }

    @Test func nothingChangesIfNothingIsAdded() throws {
        let old = try archiveBytes([("a", [1])])
        try write(old, to: path)
        try ZipArchive(path: path, mode: .append).close()
        #expect(try contents(of: path) == old)
    }

    @Test func aNewCommentIsWritten() throws {
        try write(archiveBytes([("a", [1])]), to: path)
        let archive = try ZipArchive(path: path, mode: .append)
        archive.comment = Array("new".utf8)
        try archive.close()
        let reader = try ZipArchive(path: path)
        #expect(reader.comment == Array("new".utf8))
        #expect(try reader.read("a") == [1])
    }

    @Test(arguments: [[], Array("#!/bin/sh\n".utf8), sampleText(200_000)])
    func whatIsNoArchiveGetsOneAppended(content: [UInt8]) throws {
        try write(content, to: path)
        let archive = try ZipArchive(path: path, mode: .append)
        try archive.writestr("a", [1])
        try archive.close()
        #expect(Array(try contents(of: path).prefix(content.count)) == content)
        #expect(try ZipArchive(path: path).read("a") == [1])
        #expect(shell("python3 -m zipfile -t '\(path)' && unzip -tq '\(path)'").status == 0)
    }

    @Test func aMissingFileBecomesANewArchive() throws {
        let archive = try ZipArchive(path: path, mode: .append)
        #expect(access(path, F_OK) != 0)
        try archive.writestr("a", [1])
        try archive.close()
        expectToolsAccept(path)
    }

    @Test func anAbandonedAppendLeavesTheOldArchiveByteForByte() throws {
        let old = try archiveBytes([("a", [1])])
        try write(old, to: path)
        for forget in [true, false] {
            do {
                let archive = try ZipArchive(path: path, mode: .append)
                try archive.writestr("b", sampleNoise(100_000))
                let writer = try archive.openForWriting("large")
                try writer.write(sampleNoise(9 << 20))
                #expect(try contents(of: path).count > 9 << 20)
                if !forget { archive.abandon() }
            }
            #expect(try contents(of: path) == old)
        }
    }

    @Test func anAbandonedNewArchiveLeavesWhatWasThere() throws {
        try write([9], to: path)
        for forget in [true, false] {
            do {
                let archive = try ZipArchive(path: path, mode: .write)
                try archive.writestr("b", sampleNoise(100_000))
                #expect(folder.names.count == 2)
                if !forget { archive.abandon() }
            }
            #expect(try contents(of: path) == [9])
            #expect(folder.names == ["a.zip"])
        }
    }

    @Test func anAbandonedMemberLeavesNoTrace() throws {
        let archive = try ZipArchive(path: path, mode: .write)
        try archive.writestr("a", [1])
        let small = try archive.openForWriting("small")
        try small.write([1])
        small.abandon()
        do {
            let large = try archive.openForWriting("large")
            try large.write(sampleNoise(9 << 20))
        }
        try archive.writestr("b", [2])
        try archive.close()
        #expect(try contents(of: path).count < 1000)
        expectToolsAccept(path)
        #expect(try ZipArchive(path: path).namelist() == ["a", "b"])
    }

    @Test func aFullDiskLeavesTheOldArchiveAndNoTemporaryFile() throws {
        let old = try archiveBytes([("a", [1])])
        try write(old, to: path)
        // A limit on file sizes fails writes as a full disk does. It holds for the process, hence large.
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        signal(SIGXFSZ, SIG_IGN)
        var small = rlimit(rlim_cur: 40 << 20, rlim_max: limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) }
        for mode in [ZipArchive.Mode.append, .write] {
            let archive = try ZipArchive(path: path, mode: mode)
            let writer = try archive.openForWriting("large")
            let noise = sampleNoise(1 << 20)
            let error = #expect(throws: ZipError.self) { for _ in 0..<50 { try writer.write(noise) } }
            #expect(error?.errorNumber == EFBIG)
            // The archive itself is still sound.
            try archive.writestr("b", [2])
            #expect(try archive.read("b") == [2])
            archive.abandon()
            #expect(try contents(of: path) == old)
            #expect(folder.names == ["a.zip"])
        }
    }

    @Test func aReplacedArchiveKeepsItsModeAndANewOneHonoursTheUmask() throws {
        try write([1], to: path)
        chmod(path, 0o640)
        try ZipArchive(path: path, mode: .write).close()
        try ZipArchive(path: folder.file("new.zip"), mode: .write).close()
        try write([], to: folder.file("reference"))
        var status = stat()
        stat(path, &status)
        #expect(status.st_mode & 0o777 == 0o640)
        let modes = shell("cd '\(folder.path)' && rm reference && : > reference && stat -c %a new.zip reference").output
            .split(separator: "\n")
        #expect(modes[0] == modes[1])
    }

    @Test func writingThroughALinkKeepsTheLink() throws {
        try write([1], to: folder.file("real.zip"))
        symlink("real.zip", path)
        try ZipArchive(path: path, mode: .write).close()
        #expect(try ZipArchive(path: folder.file("real.zip")).namelist() == [])
        #expect(shell("test -L '\(path)'").status == 0)
    }

    @Test func exclusiveNeverReplacesWhatAppearedMeanwhile() throws {
        let archive = try ZipArchive(path: path, mode: .exclusive)
        try write([9], to: path)
        #expect(throws: ZipError(errorNumber: EEXIST, path: path)) { try archive.close() }
        #expect(try contents(of: path) == [9])
        #expect(folder.names == ["a.zip"])
    }
}

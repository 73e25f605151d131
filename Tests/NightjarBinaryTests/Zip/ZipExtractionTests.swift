import Glibc
import NightjarBinary
import Testing

@Suite struct ZipExtractionTests {
    let folder = try! TemporaryFolder()
    private var target: String { folder.file("out") }

    @Test func allMembersAreWrittenBelowTheTarget() throws {
        let large = sampleText(9 << 20)
        let archive = try ZipArchive(
            bytes: archiveBytes([
                ("a/b/c.txt", [1]), ("a/d", sampleText(500)), ("e/", []), ("large", large), ("empty", []),
            ]))
        try archive.extractall(to: target + "/deep/er")
        #expect(try contents(of: target + "/deep/er/a/b/c.txt") == [1])
        #expect(try contents(of: target + "/deep/er/a/d") == sampleText(500))
        #expect(try contents(of: target + "/deep/er/large") == large)
        #expect(shell("cd '\(target)/deep/er' && ls -A | tr '\\n' ' '").output == "a e empty large ")
        #expect(try archive.extract("a/d", to: target) == target + "/a/d")
        #expect(try archive.extract("a/d", to: target + "/") == target + "/a/d")
    }

    // As CPython's test_hacker_arcnames has them for Unix.
    @Test(arguments: [
        ("../foo/bar", "foo/bar"), ("foo/../bar", "foo/bar"), ("foo/../../bar", "foo/bar"), ("/foo/bar", "foo/bar"),
        ("//foo/bar", "foo/bar"), ("../../foo../../ba..r", "foo../ba..r"), ("./foo/./bar", "foo/bar"),
        ("a//b", "a/b"), ("C:\\x", "C:\\x"), ("..\\..\\x", "..\\..\\x"), ("nul\0../../x", "nul"),
        ("new\nline", "new\nline"),
    ])
    func namesAreCleanedAsPythonDoes(name: String, cleaned: String) throws {
        let info = try ZipInfo(filename: name)
        let archive = try ZipArchive(path: folder.file("a.zip"), mode: .write)
        try archive.writestr(info, [1])
        try archive.close()
        let reader = try ZipArchive(path: folder.file("a.zip"))
        try reader.extractall(to: target)
        #expect(try contents(of: target + "/" + cleaned) == [1])
        #expect(folder.names == ["a.zip", "out"])
    }

    @Test func aNameWithNothingLeftIsRefused() throws {
        for name in ["..", "/", "../..", "."] {
            let archive = try ZipArchive(bytes: archiveBytes([(name, name == "/" ? [] : [1])]))
            if name == "/" {
                try archive.extractall(to: target)
            } else {
                #expect(throws: ZipError(.value, "Empty filename.")) { try archive.extractall(to: target) }
            }
        }
    }

    @Test func linksInTheTargetAreNeverFollowed() throws {
        _ = shell(
            "cd '\(folder.path)' && mkdir out outside && ln -s ../outside out/dir && ln -s ../outside/file out/file")
        let archive = try ZipArchive(bytes: archiveBytes([("dir/x", [1])]))
        let error = #expect(throws: ZipError.self) { try archive.extractall(to: target) }
        #expect(error?.errorNumber == ELOOP || error?.errorNumber == ENOTDIR)
        let file = try ZipArchive(bytes: archiveBytes([("file", [2])]))
        try file.extractall(to: target)
        #expect(try contents(of: target + "/file") == [2])
        #expect(shell("ls -A '\(folder.path)/outside'").output == "")
        #expect(shell("test -L '\(target)/file'").status == 1)
    }

    @Test func aMemberThatIsALinkBecomesAPlainFile() throws {
        _ = shell("cd '\(folder.path)' && ln -s /etc/passwd link && zip -qy a.zip link")
        let archive = try ZipArchive(path: folder.file("a.zip"))
        try archive.extractall(to: target)
        #expect(shell("test -L '\(target)/link'").status == 1)
        #expect(try contents(of: target + "/link") == Array("/etc/passwd".utf8))
    }

    @Test func aFileInThePlaceOfAFolderIsAnErrorAndTheOtherWayToo() throws {
        let archive = try ZipArchive(bytes: archiveBytes([("a", [1]), ("a/b", [2])]))
        #expect(throws: ZipError(errorNumber: ENOTDIR, path: target + "/a")) { try archive.extractall(to: target) }
        let reverse = try ZipArchive(bytes: archiveBytes([("d/b", [2]), ("d", [1])]))
        #expect(throws: ZipError(errorNumber: EISDIR, path: target + "/d")) { try reverse.extractall(to: target) }
        #expect(shell("ls -A '\(target)' '\(target)/d'").output.contains(".nightjar") == false)
    }

    @Test(arguments: [5000, 9 << 20]) func aDamagedMemberLeavesNoFileAndKeepsTheOldOne(size: Int) throws {
        var bytes = try archiveBytes([("m", sampleText(size))])
        bytes[bytes.count / 2] ^= 0x55
        let archive = try ZipArchive(bytes: bytes)
        let error = #expect(throws: ZipError.self) { try archive.extractall(to: target) }
        #expect(error?.kind == .badZipFile)
        #expect(shell("ls -A '\(target)'").output == "")
        try write([7], to: target + "/m")
        #expect(throws: ZipError.self) { try archive.extractall(to: target) }
        #expect(try contents(of: target + "/m") == [7])
        #expect(shell("ls -A '\(target)'").output == "m\n")
    }

    @Test func limitsStopBombsBeforeAnythingIsWritten() throws {
        let zeros = [UInt8](repeating: 0, count: 5 << 20)
        let archive = try ZipArchive(bytes: archiveBytes([("x", [1]), ("zeros", zeros)]))
        for limits in [nil, ZipLimits(maxSize: 1 << 20, maxRatio: .infinity), ZipLimits(maxRatio: 2000, maxMembers: 1)]
        {
            let error = #expect(throws: ZipError.self) { try archive.extractall(to: target, limits: limits) }
            #expect(error?.kind == .limit)
        }
        #expect(throws: ZipError.self) { try archive.read("zeros") }
        #expect(folder.names == [])
        #expect(try archive.read("zeros", limits: .unlimited) == zeros)
        try archive.extractall(to: target, limits: ZipLimits(maxRatio: 2000))
        #expect(try contents(of: target + "/zeros") == zeros)
    }

    @Test func manyFoldersDeepIsNoProblem() throws {
        let name = String(repeating: "d/", count: 500) + "f"
        let archive = try ZipArchive(bytes: archiveBytes([(name, [1])]))
        try archive.extractall(to: target)
        #expect(try contents(of: target + "/" + name) == [1])
        let long = try ZipArchive(bytes: archiveBytes([(String(repeating: "x", count: 300), [1])]))
        #expect(throws: ZipError.self) { try long.extractall(to: target) }
    }
}

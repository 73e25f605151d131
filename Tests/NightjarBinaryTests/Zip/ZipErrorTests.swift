import Glibc
import NightjarBinary
import Testing

@Suite struct ZipErrorTests {
    let folder = try! TemporaryFolder()

    private func message(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ZipError)?.message ?? "\(error)"
        }
    }

    @Test func whatIsNoArchiveIsRefused() throws {
        for content in [[], [1], Array("hello".utf8), [UInt8](repeating: 0, count: 100_000)] as [[UInt8]] {
            #expect(throws: ZipError(.badZipFile, "File is not a zip file")) { try ZipArchive(bytes: content) }
        }
        try write(Array("hello".utf8), to: folder.file("a"))
        #expect(throws: ZipError(.badZipFile, "File is not a zip file")) { try ZipArchive(path: folder.file("a")) }
        #expect(!ZipArchive.isZipFile(folder.file("a")))
        #expect(!ZipArchive.isZipFile(folder.file("none")))
    }

    @Test func systemErrorsNameNumberAndPath() throws {
        let none = folder.file("none")
        #expect(throws: ZipError(errorNumber: ENOENT, path: none)) { try ZipArchive(path: none) }
        #expect(message { _ = try ZipArchive(path: none) } == "[Errno 2] No such file or directory: '\(none)'")
        #expect(throws: ZipError(errorNumber: EISDIR, path: folder.path)) {
            try ZipArchive(path: folder.path, mode: .write)
        }
        #expect(throws: ZipError(errorNumber: ENOENT, path: folder.file("x/y"))) {
            try ZipArchive(path: folder.file("x/y"), mode: .write)
        }
        try write([1], to: folder.file("there"))
        #expect(throws: ZipError(errorNumber: EEXIST, path: folder.file("there"))) {
            try ZipArchive(path: folder.file("there"), mode: .exclusive)
        }
        let archive = try ZipArchive(path: folder.file("a.zip"), mode: .write)
        #expect(throws: ZipError(errorNumber: ENOENT, path: none)) { try archive.write(none) }
    }

    @Test func wrongUsesAreWordedAsInPython() throws {
        let path = folder.file("a.zip")
        let archive = try ZipArchive(path: path, mode: .write)
        #expect(message { _ = try archive.read("x") } == "There is no item named 'x' in the archive")
        #expect(message { _ = try archive.getinfo("it's") } == "There is no item named \"it's\" in the archive")
        let writer = try archive.openForWriting("a")
        #expect(
            message { _ = try archive.openForWriting("b") }
                == "Can't write to the ZIP file while there is another write handle open on it. "
                + "Close the first handle before opening another.")
        #expect(
            message { try archive.writestr("b", []) }
                == "Can't write to ZIP archive while an open writing handle exists.")
        #expect(
            message { try archive.write("/dev/null") }
                == "Can't write to ZIP archive while an open writing handle exists")
        #expect(
            message { try archive.close() }
                == "Can't close the ZIP file while there is an open writing handle on it. "
                + "Close the writing handle before closing the zip.")
        try writer.write([1])
        try writer.close()
        #expect(message { try writer.write([1]) } == "I/O operation on closed file.")
        let second = try archive.openForWriting("b")
        #expect(
            message { _ = try archive.open("a") }
                == "Can't read from the ZIP file while there is an open writing handle on it. "
                + "Close the writing handle before trying to read.")
        second.abandon()
        try archive.close()
        #expect(message { _ = try archive.read("a") } == "Attempt to use ZIP archive that was already closed")
        #expect(message { _ = try archive.testzip() } == "Attempt to use ZIP archive that was already closed")
        #expect(message { try archive.writestr("c", []) } == "Attempt to write to ZIP archive that was already closed")

        let reading = try ZipArchive(path: path)
        #expect(reading.namelist() == ["a"])
        #expect(message { try reading.writestr("c", []) } == "write() requires mode 'w', 'x', or 'a'")
        #expect(message { _ = try reading.openForWriting("c") } == "write() requires mode 'w', 'x', or 'a'")
        try reading.close()
    }

    @Test func unknownMethodsAndLevelsAreRefused() throws {
        var options = ZipArchive.Options()
        options.compression = ZipCompressionMethod(rawValue: 12)
        #expect(throws: ZipError(.notImplemented, "That compression method is not supported")) {
            try ZipArchive(path: folder.file("a.zip"), mode: .write, options: options)
        }
        options.compression = .deflated
        options.compressionLevel = 10
        #expect(throws: ZipError.self) { try ZipArchive(path: folder.file("a.zip"), mode: .write, options: options) }
        #expect(folder.names == [])
        let archive = try ZipArchive(path: folder.file("a.zip"), mode: .write)
        #expect(throws: ZipError(.notImplemented, "That compression method is not supported")) {
            try archive.writestr("a", [], compressType: ZipCompressionMethod(rawValue: 99))
        }
    }

    @Test func encryptedAndForeignMembersSaySo() throws {
        try write([1, 2, 3], to: folder.file("f"))
        _ = shell("cd '\(folder.path)' && zip -q -P secret e.zip f && python3 -c \"\(bzip2)\"")
        let encrypted = try ZipArchive(path: folder.file("e.zip"))
        #expect(throws: ZipError(.runtime, "File 'f' is encrypted, password required for extraction")) {
            try encrypted.read("f")
        }
        let foreign = try ZipArchive(path: folder.file("b.zip"))
        #expect(foreign.namelist() == ["f"])
        #expect(throws: ZipError(.notImplemented, "compression type 12 (bzip2)")) { try foreign.read("f") }
    }

    private let bzip2 = "import zipfile; zipfile.ZipFile('b.zip', 'w', zipfile.ZIP_BZIP2).write('f')"
}

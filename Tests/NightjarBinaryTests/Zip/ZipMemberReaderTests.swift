import NightjarBinary
import Testing

@Suite struct ZipMemberReaderTests {
    private let text = sampleText(300_000)

    private func reader(_ method: ZipCompressionMethod, _ data: [UInt8]) throws -> ZipMemberReader {
        try ZipArchive(bytes: archiveBytes([("m", data)], method: method)).open("m")
    }

    @Test(arguments: [ZipCompressionMethod.stored, .deflated], [1, 7, 4096, 65_536, 100_000, 1_000_000])
    func readsOfAnySizeGiveTheWholeMember(method: ZipCompressionMethod, step: Int) throws {
        let data = step == 1 ? Array(text.prefix(5000)) : text
        let member = try reader(method, data)
        var all: [UInt8] = []
        while case let piece = try member.read(step), !piece.isEmpty { all += piece }
        #expect(all == data)
        #expect(try member.read() == [])
        #expect(try member.read(5) == [])
    }

    @Test(arguments: [ZipCompressionMethod.stored, .deflated])
    func readingIntoMemoryGivesTheWholeMember(method: ZipCompressionMethod) throws {
        let member = try reader(method, text)
        var all = [UInt8](repeating: 0, count: text.count + 10)
        let (head, rest) = try all.withUnsafeMutableBytes { buffer in
            let head = try member.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<10]))
            return (head, try member.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[10...])))
        }
        #expect(head == 10 && rest == text.count - 10)
        #expect(Array(all.prefix(text.count)) == text)
    }

    @Test func linesAreReadWithTheirNewlines() throws {
        let member = try reader(.deflated, Array("one\ntwo\n\nlast".utf8))
        var lines: [String] = []
        while case let line = try member.readline(), !line.isEmpty {
            lines.append(String(decoding: line, as: UTF8.self))
        }
        #expect(lines == ["one\n", "two\n", "\n", "last"])
        try member.seek(0)
        #expect(try member.readline(limit: 2) == Array("on".utf8))
        #expect(try member.readline() == Array("e\n".utf8))
    }

    @Test func linesAcrossBuffersAreWhole() throws {
        let long = [UInt8](repeating: 65, count: 150_000) + [10]
        let member = try reader(.deflated, long + long)
        #expect(try member.readline() == long)
        #expect(try member.readline() == long)
        #expect(try member.readline() == [])
    }

    @Test(arguments: [ZipCompressionMethod.stored, .deflated])
    func seekingGoesAnywhere(method: ZipCompressionMethod) throws {
        let member = try reader(method, text)
        for position in [0, 10, 200_000, 199_990, 5, 299_999, 300_000, 64 << 10, (64 << 10) - 1] {
            #expect(try member.seek(position) == position)
            #expect(try member.tell() == position)
            #expect(try member.read(20) == Array(text[position..<min(position + 20, text.count)]))
        }
        #expect(try member.seek(-5, from: .end) == 299_995)
        #expect(try member.read() == Array(text.suffix(5)))
        #expect(try member.seek(-10, from: .current) == 299_990)
        #expect(try member.seek(.min, from: .current) == 0)
        #expect(try member.seek(.max, from: .end) == 300_000)
    }

    @Test func aClosedReaderSaysSo() throws {
        let member = try reader(.stored, [1])
        member.close()
        member.close()
        #expect(throws: ZipError(.value, "read from closed file.")) { try member.read() }
        #expect(throws: ZipError(.value, "seek on closed file.")) { try member.seek(0) }
        #expect(throws: ZipError(.value, "tell on closed file.")) { try member.tell() }
        #expect(throws: ZipError(.value, "I/O operation on closed file.")) { try member.readline() }
    }

    @Test func aReaderOutlivesItsArchive() throws {
        let folder = try TemporaryFolder()
        try write(archiveBytes([("m", text)]), to: folder.file("a.zip"))
        let archive = try ZipArchive(path: folder.file("a.zip"))
        let member = try archive.open("m")
        try archive.close()
        #expect(try member.read() == text)
    }

    @Test func aWrongChecksumIsFoundAtTheEnd() throws {
        for method in [ZipCompressionMethod.stored, .deflated] {
            var bytes = try archiveBytes([("m", text)], method: method)
            let directory = try #require(bytes.lastIndex(of: 2))
            // The checksum in the directory: 16 bytes behind its signature PK\1\2.
            let entry = try #require((0..<directory).last { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 1, 2] })
            bytes[entry + 16] ^= 1
            let archive = try ZipArchive(bytes: bytes)
            let member = try archive.open("m")
            #expect(try member.read(100_000) == Array(text.prefix(100_000)))
            #expect(throws: ZipError(.badZipFile, "Bad CRC-32 for file 'm'")) { try member.read() }
            #expect(throws: ZipError(.badZipFile, "Bad CRC-32 for file 'm'")) { try archive.read("m") }
            #expect(try archive.testzip() == "m")
        }
    }
}

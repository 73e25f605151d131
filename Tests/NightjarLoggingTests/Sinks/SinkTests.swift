import Foundation
import NightjarLogging
import Testing

@Suite struct SinkTests {
    @Test func cStreamsKeepTheOrderOfLogsAndPrints() throws {
        let folder = try TemporaryFolder()
        let stream = try #require(fopen(folder.file("f"), "w"))
        defer { fclose(stream) }
        let system = LoggingSystem(standardError: CFileSink(stream))
        fputs("1\n", stream)
        system.root.warning("2")
        fputs("3\n", stream)
        system.root.warning("4")
        #expect(try folder.text("f") == "1\n2\n3\n4\n")
    }

    @Test func longRecordsPassANonBlockingPipeWhole() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
        let text = String(repeating: "x", count: 1_000_000)
        onThreads(2) { thread in
            if thread == 0 {
                let system = LoggingSystem(standardError: DescriptorSink(writing))
                system.root.warning(text)
                close(writing)
            } else {
                let all = FileHandle(fileDescriptor: reading, closeOnDealloc: true).readDataToEndOfFile()
                #expect(String(decoding: all, as: UTF8.self) == text + "\n")
            }
        }
    }
}

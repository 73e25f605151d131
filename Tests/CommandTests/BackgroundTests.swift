import Foundation
import Testing

/// The example whose background work a script decides.
@Suite struct BackgroundTests {
    @Test func swiftAndLuaShareQueuesExecutorsAndThreads() throws {
        let folder = try Folder()
        let script = Program.packageFolder.appendingPathComponent("examples/Background/workers.lua").path
        let program = try Program.run("Background", [script], in: folder.url)
        #expect(
            program.output == """
                threads: worker-1, worker-2
                lengths: 1=3 2=3 3=5 4=4
                square: 1 1
                square: 2 4
                square: 3 9
                stopped: threading.CancelledError

                """)
        #expect(program.errors.isEmpty && program.exitCode == 0, "\(program.errors)")
    }
}

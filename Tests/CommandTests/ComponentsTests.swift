import Foundation
import Testing

/// The example whose handler, filter and formatter are the program's own, and named by a script.
@Suite struct ComponentsTests {
    @Test func theConfigurationNamesWhatTheProgramBrings() throws {
        let folder = try Folder()
        let script = Program.packageFolder.appendingPathComponent("examples/Components/config.lua").path
        let program = try Program.run("Components", [script], in: folder.url)
        #expect(
            program.output == """
                I attempt 1 user=ada
                E the password *** is wrong attempt=1
                I attempt 2 user=ada
                E the password *** is wrong attempt=2
                I attempt 3 user=ada
                E the password *** is wrong attempt=3
                ALARM after 3 errors, the last one: E the password *** is wrong attempt=3

                """)
        #expect(program.errors.isEmpty && program.exitCode == 0, "\(program.errors)")
    }

    @Test func aWrongArgumentIsToldWithItsPlaceAndTheProgramGoesOn() throws {
        let folder = try Folder()
        try folder.write(
            "wrong.lua",
            """
            return { version = 1, handlers = { alarm = { class = "app.AlarmHandler", limit = "three" } } }
            """)
        let program = try Program.run("Components", ["wrong.lua"], in: folder.url)
        #expect(program.output.contains("handlers.alarm.limit: "), "\(program.output)")
        #expect(program.errors.contains("the password hunter2 is wrong"), "nothing is configured")
        #expect(program.exitCode == 0)
    }
}

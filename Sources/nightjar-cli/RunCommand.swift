import ArgumentParser
import Glibc
import Nightjar
import NightjarLua

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: "Runs a Lua script.")

    @Flag(help: "Allow everything that Lua allows, compiled chunks and C modules included.")
    var unrestricted = false

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The script, or - for standard input, and its arguments.", valueName: "file"))
    var script: [String] = []

    func run() throws {
        let lua = try LuaState(.init(libraries: .everything, allowsBinaryChunks: unrestricted, allowsFinalizers: true))
        do { try lua.run(file: script[0]) } catch { print(error.report, error.traceback); throw ExitCode(1) }
    }
}

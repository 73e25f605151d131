import ArgumentParser
import Glibc

/// The command `nightjar`.
@main
struct NightjarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nightjar",
        abstract: "Runs Lua 5.4 scripts with logging, threads, queues and archives that run at native speed.",
        version: "nightjar 0.1.0 (Lua 5.4)",
        subcommands: [RunCommand.self])

    static func main() {
        if let code = RunCommand.runPlainly(CommandLine.arguments) { Terminal.exit(code: code) }
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            // As `lua` has it: every failure is 1. What a script printed goes first.
            let isFailure = exitCode(for: error) != .success
            let text = fullMessage(for: error)
            if !text.isEmpty { isFailure ? Terminal.report(text) : print(text) }
            Terminal.exit(code: isFailure ? (error as? ExitCode)?.rawValue ?? 1 : 0)
        }
        Terminal.exit(code: 0)
    }
}

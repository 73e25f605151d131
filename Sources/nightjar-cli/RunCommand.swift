import ArgumentParser
import Glibc
import Nightjar
import NightjarLua

/// `nightjar run [--unrestricted] FILE [ARGS...]`
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a Lua script.",
        usage: "nightjar run [--unrestricted] <file> [<arguments> ...]",
        discussion: "Standard input is the script where the file is - or is missing and input comes through a pipe.")

    @Flag(help: "Allow everything that Lua allows, compiled chunks and C modules included.")
    var unrestricted = false

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("The script, or - for standard input, and its arguments.", valueName: "file"))
    var script: [String] = []

    func run() throws {
        let file = try self.file
        let arguments = Array(script.dropFirst())
        let program = ScriptProgram(policy: policy(for: file))
        let code = program.run(file: file, arguments: arguments, before: before(arguments))
        if code != 0 { throw ExitCode(code) }
    }

    private var file: String {
        get throws {
            if let file = script.first {
                // An argument that looks like an option is for the script only after its name.
                if file.count > 1, file.hasPrefix("-") { throw ValidationError("Unknown option '\(file)'") }
                return file
            }
            if isatty(0) == 0 { return "-" }
            throw ValidationError("Missing the script: nightjar run <file>, or - for standard input.")
        }
    }

    /// A script finds modules beside itself.
    private func policy(for file: String) -> Policy {
        var policy = unrestricted ? Policy.unrestricted : Policy.trusted
        if !unrestricted {
            let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
            policy.moduleFolders = [folder.isEmpty ? "/" : folder]
        }
        return policy
    }

    /// The words of the command line that stand before the script.
    private func before(_ arguments: [String]) -> [String] {
        Array(CommandLine.arguments.dropLast(min(arguments.count + (script.isEmpty ? 0 : 1), CommandLine.arguments.count - 1)))
    }
}

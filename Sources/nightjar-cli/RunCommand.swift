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

    /// Here and not in `run`, so that the usage shown is this command's.
    mutating func validate() throws {
        if script.first == "--" { script.removeFirst() }
        _ = try RunCommand.file(script)
    }

    func run() throws {
        let code = try RunCommand.run(script, unrestricted: unrestricted)
        if code != 0 { throw ExitCode(code) }
    }

    /// Runs `nightjar run FILE ARGS...` without the argument parser, which takes as long as everything else together (1.4 of
    /// 3 ms); nil for a command line with options, which is the parser's.
    static func runPlainly(_ words: [String]) -> Int32? {
        guard words.count >= 3, words[1] == "run", words[2] == "-" || !words[2].hasPrefix("-") else { return nil }
        return try? run(Array(words[2...]), unrestricted: false)
    }

    private static func run(_ script: [String], unrestricted: Bool) throws -> Int32 {
        let file = try file(script), arguments = Array(script.dropFirst())
        let program = ScriptProgram(policy: policy(for: file, unrestricted))
        let before = CommandLine.arguments.dropLast(min(script.count, CommandLine.arguments.count - 1))
        return program.run(file: file, arguments: arguments, before: Array(before))
    }

    private static func file(_ script: [String]) throws -> String {
        if let file = script.first {
            // An argument that looks like an option is for the script only after its name.
            if file == "--help" || file == "-h" { throw CleanExit.helpRequest(RunCommand.self) }
            if file.count > 1, file.hasPrefix("-") { throw ValidationError("Unknown option '\(file)'") }
            return file
        }
        if isatty(0) == 0 { return "-" }
        throw ValidationError("Missing the script: nightjar run <file>, or - for standard input.")
    }

    /// A script finds modules beside itself.
    private static func policy(for file: String, _ unrestricted: Bool) -> Policy {
        var policy = unrestricted ? Policy.unrestricted : .trusted
        // The script is the whole program: nobody else can wake its threads.
        policy.reportsDeadlocks = true
        if unrestricted { return policy }
        let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
        policy.moduleFolders = [folder.isEmpty ? "/" : folder]
        return policy
    }
}

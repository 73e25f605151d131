import ArgumentParser

/// The command `nightjar`.
@main
struct NightjarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nightjar",
        abstract: "Runs Lua 5.4 scripts with logging, threads, queues and archives that run at native speed.",
        version: "nightjar 0.1.0 (Lua 5.4)",
        subcommands: [RunCommand.self])
}

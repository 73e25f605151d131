public import NightjarLua

/// What a script may reach.
///
/// Limits contain mistakes, not attackers: long loops inside one call of the string library cannot be interrupted.
public struct Policy: Sendable {
    /// Lua's standard libraries that scripts see.
    public var libraries: LuaLibraries
    /// Bytes of Lua values per interpreter; nil is no limit.
    public var memoryLimit: Int?
    /// Seconds that a configuration script may take; nil is no limit. Background threads are not bound by it.
    public var timeLimit: Double?
    /// Whether scripts may set `__gc`, which no time limit can interrupt.
    public var allowsFinalizers: Bool
    /// Whether compiled chunks are loaded. They can crash the interpreter.
    public var allowsBinaryChunks: Bool
    /// Folders in which `require` looks for `.lua` files, before the script's own.
    public var moduleFolders: [String]
    /// Whether threads of scripts that wait for each other for ever, without a timeout, get a `threading.DeadlockError`.
    ///
    /// It supposes that scripts are alone: that nothing puts into their queues, sets their events or releases their locks but threads
    /// that run scripts, timers and tasks of scripts, and other threads while they are inside a call into Lua. Where Swift code does
    /// so of its own accord, leave it off: a script that waits for that code would be told that nobody will ever wake it.
    public var reportsDeadlocks: Bool

    public init(
        libraries: LuaLibraries = .scripting, memoryLimit: Int? = nil, timeLimit: Double? = nil,
        allowsFinalizers: Bool = false, allowsBinaryChunks: Bool = false, moduleFolders: [String] = [],
        reportsDeadlocks: Bool = false
    ) {
        self.libraries = libraries
        self.memoryLimit = memoryLimit
        self.timeLimit = timeLimit
        self.allowsFinalizers = allowsFinalizers
        self.allowsBinaryChunks = allowsBinaryChunks
        self.moduleFolders = moduleFolders
        self.reportsDeadlocks = reportsDeadlocks
    }

    /// For a configuration script inside an application: files only through log handlers and `zipfile`, no processes, 64 MiB, five
    /// seconds.
    public static let configuration = Policy(memoryLimit: 64 << 20, timeLimit: 5)

    /// For a script that its user starts: all libraries, no limits, text chunks only.
    public static let trusted = Policy(libraries: .everything, allowsFinalizers: true)

    /// Everything that Lua itself allows, compiled chunks and C modules included.
    public static let unrestricted = Policy(libraries: .everything, allowsFinalizers: true, allowsBinaryChunks: true)
}

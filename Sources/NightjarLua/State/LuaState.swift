import CLua
public import CLuaSupport

/// One Lua 5.4 interpreter.
///
/// It belongs to one thread at a time and is not `Sendable`: the compiler keeps it there. What other threads may use is its
/// ``interruptHandle``. Values that refer into it (``LuaFunction``, ``LuaTable``) may be dropped anywhere but used only
/// on its thread.
public final class LuaState {
    /// What an interpreter may do.
    public struct Options: Sendable {
        public var libraries: LuaLibraries
        /// Bytes that Lua values may take; nil is no limit. Swift code that runs inside a callback may overshoot it: the
        /// error is then raised when the callback returns.
        public var memoryLimit: Int?
        /// Whether `load`, `loadfile`, `dofile` and `require` take compiled chunks, which can crash the interpreter.
        public var allowsBinaryChunks: Bool
        /// Whether scripts may give objects `__gc`, which no deadline can interrupt.
        public var allowsFinalizers: Bool
        /// Folders in which `require` looks for `name.lua` and `name/init.lua`, in this order.
        public var moduleFolders: [String]

        public init(
            libraries: LuaLibraries = .scripting, memoryLimit: Int? = nil, allowsBinaryChunks: Bool = false,
            allowsFinalizers: Bool = false, moduleFolders: [String] = []
        ) {
            self.libraries = libraries
            self.memoryLimit = memoryLimit
            self.allowsBinaryChunks = allowsBinaryChunks
            self.allowsFinalizers = allowsFinalizers
            self.moduleFolders = moduleFolders
        }
    }

    public let options: Options
    private let mark = LiveObjects.Mark(.interpreter)
    @usableFromInline let context: UnsafeMutablePointer<nj_context>
    @usableFromInline let references = ReferenceHome()
    let interrupts: InterruptBox
    /// Frames of the error that is on its way, noted by the message handler.
    private var notedFrames: [LuaFrame] = []
    /// Frames of an error that passes through a Swift function, which the next handler cannot see any more.
    private var carried: (frames: [LuaFrame], error: LuaError)?
    private var interruptedFrames: [LuaFrame] = []
    var presence: Presence?
    /// Called on the interpreter's thread with what its scripts, or Lua itself, warn of; without it nothing is shown.
    public var onWarning: ((LuaWarning) -> Void)?
    /// Called on the interpreter's thread when a script ends the process with `os.exit`, with whether it asked for its interpreter to be
    /// closed. What is to be flushed is flushed here: neither `deinit` nor `defer` runs any more.
    public var onExit: ((Bool) -> Void)?
    /// The native modules that `require` finds.
    var modules: [LuaModule] = []
    @usableFromInline var attachments = Attachments()

    /// Opens an interpreter with the chosen libraries.
    /// - Throws: `.memory` if there is none for it.
    public init(_ options: Options = Options()) throws(LuaError) {
        Hooks.install
        self.options = options
        guard let context = nj_context_create(nil) else { throw LuaError(.memory, "no memory for an interpreter") }
        self.context = context
        interrupts = InterruptBox(context)
        context.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
        context.pointee.text_only = !options.allowsBinaryChunks
        context.pointee.refuse_gc = !options.allowsFinalizers
        if let fault = LuaState.faultInjection {
            context.pointee.fail_after = fault.after
            context.pointee.fail_count = fault.count
        }
        guard nj_context_open(context) else { throw LuaError(.memory, "no memory for an interpreter") }
        try openLibraries()
        // Only now, so that the limit counts what scripts do on top of the libraries.
        context.pointee.limit = options.memoryLimit ?? 0
    }

    deinit {
        close()
        interrupts.detach()
        nj_context_destroy(context)
    }

    /// Closes the interpreter: to-be-closed variables and finalizers run, all Swift objects it held are let go. Harmless when done
    /// twice; whatever refers into the interpreter gives `.closed` from here on.
    public func close() {
        guard context.pointee.main != nil else { return }
        precondition(context.pointee.host == 1, "an interpreter cannot be closed from inside one of its callbacks")
        interrupts.disable()
        references.close()
        nj_context_close(context)
        context.pointee.companion = nil
        let attached = attachments
        attachments = Attachments()
        withExtendedLifetime(attached) {}
    }

    public var isClosed: Bool { context.pointee.main == nil }

    @usableFromInline
    func checkOpen() throws(LuaError) {
        if context.pointee.main == nil { throw LuaError(.closed, "the interpreter was closed") }
    }

    /// The stack of the coroutine that runs, or of the main one.
    @inlinable
    public var stack: LuaStack { LuaStack(context.pointee.running) }

    /// The interpreter behind a stack.
    @inlinable
    public static func of(_ stack: LuaStack) -> LuaState {
        Unmanaged<LuaState>.fromOpaque(nj_context_of(stack.L).pointee.owner).takeUnretainedValue()
    }

    /// Runs `body` with the stack and leaves it as high as it was.
    public func withStack<Result>(_ body: (LuaStack) throws(LuaError) -> Result) throws(LuaError) -> Result {
        try checkOpen()
        let stack = self.stack
        let top = stack.top
        defer { stack.setTop(top) }
        try stack.reserve(20)
        return try body(stack)
    }

    private func openLibraries() throws(LuaError) {
        for library in LuaLibraries.all where options.libraries.contains(library.set) {
            try stack.check(nj_open_library(stack.L, library.cName))
        }
        for (part, whole, library, kept) in LuaLibraries.parts
        where options.libraries.contains(part) && !options.libraries.contains(whole) {
            try stack.check(nj_open_library(stack.L, library.cName))
            keepOnly(kept, of: library)
        }
        lua_pushcclosure(stack.L, nj_install_overrides_function, 0)
        try stack.check(nj_pcall(stack.L, 0, 0, 0))
        if !options.libraries.contains(.io) { removeFileFunctions() }
        ModuleLoader.install(in: self)
    }

    /// The base library reads files too.
    private func removeFileFunctions() {
        stack.pushGlobals()
        for name in ["dofile", "loadfile"] {
            stack.pushNil()
            stack.rawSet(-2, name)
        }
        stack.pop()
    }

    /// Replaces a library's table, in the globals and among the loaded modules, by one with nothing but `kept`.
    private func keepOnly(_ kept: [String], of library: LuaLibraries.Entry) {
        let top = stack.top
        defer { stack.setTop(top) }
        stack.pushRegistryTable("_LOADED")
        stack.pushGlobals()
        stack.rawGet(top + 2, library.name)
        stack.newTable(record: kept.count)
        for name in kept {
            stack.rawGet(top + 3, name)
            stack.rawSet(top + 4, name)
        }
        for holder in [top + 1, top + 2] {
            stack.pushCopy(of: top + 4)
            stack.rawSet(holder, library.name)
        }
    }

    // MARK: Errors on their way

    func noteFrames(_ frames: [LuaFrame]) { notedFrames = frames }

    /// Keeps the frames of `error`, which is about to be raised again on the other side of a Swift function.
    func carryFrames(of error: LuaError) {
        if !error.frames.isEmpty { carried = (error.frames, error) }
    }

    /// The frames that belong to the error value on top of the stack from before it passed through Swift.
    func carriedFrames(_ stack: LuaStack) -> [LuaFrame] {
        guard let (frames, error) = carried else { return [] }
        carried = nil
        return error.isValue(stack, at: -1) ? frames : []
    }

    func takeFrames() -> [LuaFrame] {
        defer { notedFrames = [] }
        return notedFrames
    }

    func noteInterruption(_ frames: [LuaFrame]) { interruptedFrames = frames }

    func interruptionError() -> LuaError {
        let reason = interrupts.reason ?? .cancelled
        return LuaError(
            storage: LuaError.Storage(
                kind: .interrupted, message: reason.description, frames: interruptedFrames, interruption: reason))
    }

    // MARK: Work in Swift

    /// For Swift code that works for long on behalf of a script: to be asked now and then.
    /// - Parameter growth: bytes that the next step is going to take.
    /// - Throws: `.interrupted` if the script is to stop, `.memory` if the interpreter's memory is used up.
    public func checkpoint(growth: Int = 0) throws(LuaError) {
        if nj_must_stop(context) { throw interruptedError() }
        guard context.pointee.limit != 0, isOverLimit(growth) else { return }
        collectGarbage()
        context.pointee.attention &= ~Int32(NJ_OVER_LIMIT)
        if isOverLimit(growth) { throw LuaError(.memory, "not enough memory") }
    }

    private func isOverLimit(_ growth: Int) -> Bool { context.pointee.used + growth > context.pointee.limit }

    /// An attachment of this interpreter that is asked for so often that a search would be seen, through
    /// ``LuaStack/companion(as:)``.
    public func setCompanion(_ companion: some AnyObject) {
        setAttachment(companion)
        context.pointee.companion = Unmanaged.passUnretained(companion).toOpaque()
    }

    /// How many names were added to `package.loaded`. Another value for a name that was there is not counted.
    @inlinable public var modulesAdded: UInt32 { context.pointee.modules_added }

    // MARK: Memory

    /// Bytes that Lua values take at present.
    public var memoryUsed: Int { context.pointee.used }
    /// The most that Lua values took at any time, in bytes.
    public var peakMemory: Int { context.pointee.peak }

    /// Runs a full collection.
    public func collectGarbage() {
        guard !isClosed else { return }
        _ = nj_gc(stack.L, LUA_GCCOLLECT)
        references.drain(stack.L)
    }

    /// Steers the collector: stop, restart, and asking whether it runs.
    public var isCollectorRunning: Bool {
        get { nj_gc(stack.L, LUA_GCISRUNNING) != 0 }
        set { _ = nj_gc(stack.L, newValue ? LUA_GCRESTART : LUA_GCSTOP) }
    }

    /// Lets the collector wait for that much more than it would before its next step; a negative number takes that back, which may run
    /// the step. Its pace stays as it is, whereas stopping and restarting it begins a new cycle each time.
    public func postponeCollector(kilobytes: Int32) { nj_gc_hurry(stack.L, -kilobytes) }
}

/// Lua's standard libraries.
public struct LuaLibraries: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let base = LuaLibraries(rawValue: 1 << 0)
    public static let package = LuaLibraries(rawValue: 1 << 1)
    public static let coroutine = LuaLibraries(rawValue: 1 << 2)
    public static let table = LuaLibraries(rawValue: 1 << 3)
    public static let io = LuaLibraries(rawValue: 1 << 4)
    public static let os = LuaLibraries(rawValue: 1 << 5)
    public static let string = LuaLibraries(rawValue: 1 << 6)
    public static let math = LuaLibraries(rawValue: 1 << 7)
    public static let utf8 = LuaLibraries(rawValue: 1 << 8)
    public static let debug = LuaLibraries(rawValue: 1 << 9)
    /// Of `io` only `stdout`, `stderr` and `write`.
    public static let standardStreams = LuaLibraries(rawValue: 1 << 10)
    /// Of `os` only `clock`, `date`, `difftime` and `time`.
    public static let clock = LuaLibraries(rawValue: 1 << 11)

    /// Everything that cannot touch files, processes or the interpreter's insides.
    public static let scripting: LuaLibraries = [
        .base, .coroutine, .table, .string, .math, .utf8, .standardStreams, .clock,
    ]
    public static let everything: LuaLibraries = [.scripting, .package, .io, .os, .debug]

    struct Entry {
        let set: LuaLibraries
        let name: StaticString
        var cName: UnsafePointer<CChar> { UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self) }
    }

    /// The parts of libraries that can be had alone, and what they keep.
    static let parts: [(part: LuaLibraries, whole: LuaLibraries, library: Entry, kept: [String])] = [
        (.standardStreams, .io, Entry(set: .io, name: "io"), ["stdout", "stderr", "write"]),
        (.clock, .os, Entry(set: .os, name: "os"), ["clock", "date", "difftime", "time"]),
    ]

    static let all: [Entry] = [
        Entry(set: .base, name: "_G"), Entry(set: .package, name: "package"), Entry(set: .coroutine, name: "coroutine"),
        Entry(set: .table, name: "table"), Entry(set: .io, name: "io"), Entry(set: .os, name: "os"),
        Entry(set: .string, name: "string"), Entry(set: .math, name: "math"), Entry(set: .utf8, name: "utf8"),
        Entry(set: .debug, name: "debug"),
    ]
}

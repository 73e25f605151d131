import NightjarConcurrency
public import NightjarLogging
public import NightjarLua

/// What all interpreters of one program share: how they are made, the logging tree, the threads.
///
/// Safe to use from any thread.
public final class ScriptEnvironment: Sendable {
    /// How interpreters are opened.
    public let options: LuaState.Options
    public let logging: LoggingSystem
    /// Gives each new interpreter what the application adds: functions, types, modules.
    private let prepare: @Sendable (LuaState) throws -> Void

    public init(
        options: LuaState.Options, logging: LoggingSystem,
        prepare: @escaping @Sendable (LuaState) throws -> Void = { _ in }
    ) {
        self.options = options
        self.logging = logging
        self.prepare = prepare
    }

    /// Opens an interpreter with all modules, for the calling thread.
    public func makeState() throws -> LuaState {
        let state = try LuaState(options)
        state.setAttachment(self)
        StandardModules.register(in: state)
        try prepare(state)
        try state.withStack { stack throws(LuaError) in Baseline.note(stack) }
        return state
    }

    /// The environment of an interpreter that ``makeState()`` opened.
    public static func of(_ state: LuaState) -> ScriptEnvironment {
        guard let environment: ScriptEnvironment = state.attachment() else {
            preconditionFailure("an interpreter of the standard modules must come from ScriptEnvironment.makeState()")
        }
        return environment
    }
}

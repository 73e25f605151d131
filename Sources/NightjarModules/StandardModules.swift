public import NightjarLua

/// The one list of modules that scripts can `require`.
public enum StandardModules {
    public static var all: [LuaModule] {
        [
            exceptionsModule,
            queueModule,
            threadingModule,
            futuresModule,
            tasksModule,
            structModule,
            zipfileModule,
            gcModule,
            weakrefModule,
            loggingModule, loggingHandlersModule, loggingConfigModule,
        ]
    }

    private static let list = LuaModuleList(all)

    /// Makes the modules known to `state`.
    public static func register(in state: LuaState) { state.register(list) }
}

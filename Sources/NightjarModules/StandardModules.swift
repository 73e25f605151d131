public import NightjarLua

/// The one list of modules that scripts can `require`.
public enum StandardModules {
    public static var all: [LuaModule] {
        [
            exceptionsModule,
            loggingModule, loggingConfigModule,
        ]
    }

    /// Makes the modules known to `state`.
    public static func register(in state: LuaState) {
        for module in all { state.register(module) }
    }
}

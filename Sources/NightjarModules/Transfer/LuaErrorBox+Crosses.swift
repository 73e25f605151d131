import NightjarLua

extension LuaErrorBox: CrossesThreads {}

// NightjarLua

public import NightjarLua

local weakref = require "weakref"
local o = {f = function(self, x) return coroutine.yield(x) end}
local co = coroutine.wrap(function() return weakref.WeakMethod(o, "f")()(5) end)
assert(co() == 5 and co("back") == "back")

local weakref = require "weakref"
local o = {}
local d = weakref.WeakValueDictionary()
d.get, d["items"] = o, o
assert(d:get("get") == o and type(d.get) == "function" and #d == 2)

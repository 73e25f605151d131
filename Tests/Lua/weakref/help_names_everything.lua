local weakref = require "weakref"
local lines
local old = print
print = function(text) lines = text end
weakref.help()
print = old
for _, name in ipairs {"ref", "proxy", "WeakValueDictionary", "WeakKeyDictionary", "WeakSet", "WeakMethod", "finalize",
                       "getweakrefcount", "getweakrefs", "ReferenceError"} do
  assert(lines:find(name, 1, true) and weakref[name], name)
end

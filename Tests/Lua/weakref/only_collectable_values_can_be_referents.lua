local weakref = require "weakref"
local exceptions = require "exceptions"
local function refuses(f, kind)
  local ok, e = pcall(f)
  assert(not ok and exceptions.TypeError:is(e), tostring(e))
  assert(tostring(e) == "cannot create weak reference to '" .. kind .. "' object", tostring(e))
end
for kind, value in pairs {string = "s", number = 1, boolean = true} do
  refuses(function() weakref.ref(value) end, kind)
  refuses(function() weakref.proxy(value) end, kind)
  refuses(function() weakref.finalize(value, print) end, kind)
  refuses(function() weakref.WeakMethod(value, "x") end, kind)
  refuses(function() weakref.WeakValueDictionary().k = value end, kind)
  refuses(function() weakref.WeakKeyDictionary()[value] = 1 end, kind)
  refuses(function() weakref.WeakSet():add(value) end, kind)
  refuses(function() weakref.WeakSet {value} end, kind)
  assert(weakref.getweakrefcount(value) == 0 and #weakref.getweakrefs(value) == 0)
end
refuses(function() weakref.ref() end, "nil")
refuses(function() weakref.ref(weakref.proxy({})) end, "weakproxy")

local weakref, gc = require "weakref", require "gc"
local inside, runs, calls = false, 0, 0
local r
do
  local o = setmetatable({}, {__gc = function()
    inside = true
    for i = 1, 10 do gc.collect() weakref.ref({}) tostring(r) collectgarbage() print("") end
    inside, runs = false, runs + 1
  end})
  -- Lua finalizes the newest first, so the death is noted before the finalizer runs.
  r = weakref.ref(o, function() assert(not inside and runs == 1) calls = calls + 1 end)
end
gc.collect()
assert(calls == 1 and runs == 1 and r() == nil)

local weakref, gc = require "weakref", require "gc"
local depth, deepest, calls = 0, 0, 0
local function callback()
  depth = depth + 1
  deepest = math.max(deepest, depth)
  gc.collect()
  calls = calls + 1
  depth = depth - 1
end
for i = 1, 300 do weakref.finalize({}, callback) end
gc.collect()
assert(calls == 300 and deepest == 1)

local weakref, gc = require "weakref", require "gc"
local calls = 0
local function count() calls = calls + 1 end
local o = {}
weakref.ref(o, count)
gc.collect()
o = nil
gc.collect()
assert(calls == 0)
-- Both in one cycle of garbage: Python calls nothing either.
do
  local a = {}
  a.ref = weakref.ref(a, count)
end
gc.collect()
assert(calls == 0)

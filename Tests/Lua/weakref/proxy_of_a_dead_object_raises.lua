local weakref, gc = require "weakref", require "gc"
local seen
local o = {n = 1}
local p = weakref.proxy(o, function(x) seen = x end)
assert(p.n == 1)
o = nil
gc.collect()
assert(rawequal(seen, p))
local uses = {
  function() return p.n end, function() p.n = 1 end, function() return p() end, function() return #p end,
  function() return tostring(p) end, function() return p + 1 end, function() return 1 .. p end, function() return p == {} end,
  function() return p < p end, function() return pairs(p) end, function() return -p end,
}
for i, use in ipairs(uses) do
  local ok, e = pcall(use)
  assert(not ok and weakref.ReferenceError:is(e), i)
  assert(tostring(e) == "weakly-referenced object no longer exists", tostring(e))
end
assert(weakref.ReferenceError == require("exceptions").ReferenceError)

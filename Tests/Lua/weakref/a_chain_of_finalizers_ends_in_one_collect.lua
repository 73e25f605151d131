local weakref, gc = require "weakref", require "gc"
local order = {}
local first = {}
do
  local second, third = {}, {}
  weakref.finalize(first, function(x) order[#order + 1] = 1 end, second)
  weakref.finalize(second, function(x) order[#order + 1] = 2 end, third)
  weakref.finalize(third, function() order[#order + 1] = 3 end)
end
gc.collect()
assert(#order == 0)
first = nil
gc.collect()
assert(table.concat(order) == "123", table.concat(order))

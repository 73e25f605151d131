local weakref, gc = require "weakref", require "gc"
local order = {}
local function note(name) return function() order[#order + 1] = name end end
kept = {{}, {}, {}, {}, {}}
weakref.finalize(kept[1], note "1")
weakref.finalize(kept[2], note "2").atexit = false
weakref.finalize(kept[3], function()
  order[#order + 1] = "3"
  weakref.finalize(kept[1], note "new")
end)
weakref.finalize(kept[4], function() error("at exit") end)
late = weakref.finalize(kept[5], note "5")
local r = weakref.ref(kept[1], note "never")
after_finish = function()
  assert(table.concat(order, " ") == "5 3 new 1", table.concat(order, " "))
  local reports = ignored_errors()
  assert(#reports == 1 and reports[1]:find("at exit"))
  local f = weakref.finalize(kept[1], note "too late")
  assert(f() == nil and #order == 4)
end

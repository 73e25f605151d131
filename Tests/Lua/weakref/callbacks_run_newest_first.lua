local weakref, gc = require "weakref", require "gc"
local order = {}
local function note(name) return function() order[#order + 1] = name end end
local a, b = {}, {}
local keep = {weakref.ref(a, note "1"), weakref.ref(b, note "2"), weakref.proxy(a, note "3")}
weakref.finalize(b, note "4")
keep[4] = weakref.ref(a, note "5")
a, b = nil, nil
gc.collect()
assert(table.concat(order) == "54321", table.concat(order))

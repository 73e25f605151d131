local weakref, gc = require "weakref", require "gc"
local list = {10, 20, 30}
local p = weakref.proxy(list)
local sum = 0
for i, v in ipairs(p) do sum = sum + i * v end
assert(sum == 140 and #p == 3)
local n = 0
for k, v in pairs(p) do n = n + v end
assert(n == 60)
table.insert(p, 40)
assert(list[4] == 40 and table.concat(p, ",") == "10,20,30,40" and select("#", table.unpack(p)) == 4)
local own = setmetatable({}, {__pairs = function(t) return function(_, k) if not k then return "only", 1 end end, t, nil end})
for k, v in pairs(weakref.proxy(own)) do assert(k == "only" and v == 1) n = n + 1 end
assert(n == 61)

local weakref, gc = require "weakref", require "gc"
local calls = 0
local keep = {}
for i = 1, 50 do
  coroutine.wrap(function()
    local o = {}
    keep[i] = weakref.ref(o, function() calls = calls + 1 end)
    weakref.finalize(o, function() calls = calls + 1 end)
    o = nil
    if i % 10 == 0 then gc.collect() end
    coroutine.yield()
  end)()
end
gc.collect()
assert(calls == 100)
-- A callback cannot yield: it is nobody's to resume.
local o = {}
local r = weakref.ref(o, coroutine.yield)
o = nil
coroutine.wrap(gc.collect)()
local reports = ignored_errors()
assert(#reports == 1 and reports[1]:find("yield"), reports[1])

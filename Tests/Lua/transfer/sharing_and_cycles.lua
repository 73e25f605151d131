local Queue = require "queue".Queue

local q = Queue()
local function pass(value)
  q:put(value)
  return q:get()
end

local shared = { "shared" }
local copy = pass { a = shared, b = shared, list = { shared } }
assert(copy.a == copy.b and copy.a == copy.list[1] and copy.a ~= shared and copy.a[1] == "shared")

local cycle = { name = "cycle" }
cycle.self, cycle[cycle] = cycle, cycle
local back = pass(cycle)
assert(back.self == back and back[back] == back and back.name == "cycle")

-- What two messages share is not shared on the other side: each is a copy of its own.
q:put(shared)
q:put(shared)
assert(q:get() ~= q:get())

-- The sender's table is untouched, and later changes do not show.
q:put(shared)
shared[1] = "changed"
assert(q:get()[1] == "shared")

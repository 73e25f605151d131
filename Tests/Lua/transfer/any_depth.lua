local Queue = require "queue".Queue
local threading = require "threading"

local function nested(levels)
  local value = {}
  for _ = 1, levels do value = { value } end
  return value
end

local function depth(value)
  local levels = 0
  while value[1] do value, levels = value[1], levels + 1 end
  return levels
end

local q = Queue()
for _, levels in ipairs { 0, 1, 200, 20000, 1000000 } do
  q:put(nested(levels))
  assert(depth(q:get()) == levels, levels)
end

-- And through a thread, whose stack is smaller.
local t = threading.Thread { target = depth, args = { nested(200000) } }
t:start()
assert(t:result() == 200000)

-- A rod is warm at its left end. Three threads compute how the warmth spreads, each for a part of the rod, and meet at a
-- barrier after every round, where one of them decides for all whether to go on.
local threading = require "threading"
local queue = require "queue"

local parts, cells = 3, 4
local changes, steady = queue.Queue(), threading.Event()
local to_left, to_right = {}, {} -- the temperatures at the edges, for the neighbours
for part = 1, parts do to_left[part], to_right[part] = queue.Queue(), queue.Queue() end

-- Runs when all have arrived, before any of them goes on. It is one copy for all rounds, so it can count them.
local round = 0
local meeting = threading.Barrier(parts, function()
  round = round + 1
  local largest = 0
  for _ = 1, parts do largest = math.max(largest, changes:get()) end
  if largest < 0.01 then steady:set() end
  if round % 50 == 0 or steady:is_set() then print(("round %3d: change %.4f"):format(round, largest)) end
end)

local function compute(part)
  local now = {}
  for i = 0, cells + 1 do now[i] = 0 end
  repeat
    to_left[part]:put(now[1])
    to_right[part]:put(now[cells])
    now[0] = part == 1 and 100 or to_right[part - 1]:get()
    now[cells + 1] = part == parts and 0 or to_left[part + 1]:get()
    local new, change = {}, 0
    for i = 1, cells do
      new[i] = (now[i - 1] + now[i + 1]) / 2
      change = math.max(change, math.abs(new[i] - now[i]))
    end
    now = new
    changes:put(change)
    meeting:wait()
  until steady:is_set()
  return table.unpack(now)
end

local threads = {}
for part = 1, parts do
  threads[part] = threading.Thread { target = compute, args = { part } }
  threads[part]:start()
end
local rod = {}
for _, thread in ipairs(threads) do
  for _, temperature in ipairs { thread:result() } do rod[#rod + 1] = ("%.0f"):format(temperature) end
end
print(table.concat(rod, " "))

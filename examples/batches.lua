-- A writer takes items in batches: on a condition it waits until there are enough, or until there will be no more.
local threading = require "threading"
local queue = require "queue"

local items, finished, changed = queue.Queue(), threading.Event(), threading.Condition()
local batch_size = 4

local writer = threading.Thread {
  target = function()
    local batches = 0
    while true do
      local batch = {}
      do
        local held <close> = changed:hold()
        -- The queue and the event are the same for both threads; an ordinary variable would be a copy.
        changed:wait_for(function() return items:qsize() >= batch_size or finished:is_set() end)
        while #batch < batch_size and not items:empty() do batch[#batch + 1] = items:get() end
      end
      if #batch == 0 then return batches end
      batches = batches + 1
      print("batch " .. batches, table.concat(batch, " "))
    end
  end,
}
writer:start()

for name in ("one two three four five six seven eight nine ten"):gmatch("%a+") do
  local held <close> = changed:hold()
  items:put(name)
  changed:notify()
end
do
  local held <close> = changed:hold()
  finished:set()
  changed:notify_all()
end
print("batches written:", writer:result())

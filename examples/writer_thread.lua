-- Three threads work in parallel; one writer, fed through a queue, is the only one that touches the file.
-- Run it as: nightjar run examples/writer_thread.lua FILE
local threading = require "threading"
local queue = require "queue"

local path = arg[1] or "primes.txt"
local results = queue.Queue(100) -- bounded: producers wait when the writer falls behind

local function is_prime(n)
  for d = 2, math.floor(math.sqrt(n)) do
    if n % d == 0 then return false end
  end
  return n > 1
end

local function find_primes(first, last)
  for n = first, last do
    if is_prime(n) then results:put({ worker = threading.current_thread().name, prime = n }) end
  end
end

local writer = threading.Thread {
  name = "writer",
  target = function()
    local file <close> = assert(io.open(path, "w"))
    local count = 0
    for item in results:items() do
      file:write(item.prime, "\n")
      count = count + 1
    end
    return count
  end,
}
writer:start()

local finders = {}
for i = 1, 3 do
  finders[i] = threading.Thread { target = find_primes, args = { (i - 1) * 1000 + 1, i * 1000 } }
  finders[i]:start()
end
for _, finder in ipairs(finders) do finder:join() end
results:shutdown() -- no more items: the writer's loop ends when the queue is empty

print("primes below 3000:", writer:result())

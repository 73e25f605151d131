-- Work for all processors: results in order with map, as they end with as_completed, and an error that comes out where the
-- result is asked for.
local futures = require "futures"

local function count_primes(first, last)
  local count = 0
  for n = math.max(first, 2), last do
    local is_prime = true
    for d = 2, math.floor(math.sqrt(n)) do
      if n % d == 0 then is_prime = false break end
    end
    if is_prime then count = count + 1 end
  end
  return count
end

-- The end of the block waits for the work.
do
  local pool <close> = futures.ThreadPoolExecutor(4)

  -- One call for each pair; the results come in the order of the lists.
  local total = 0
  for count in pool:map(count_primes, { 0, 2500, 5000, 7500 }, { 2499, 4999, 7499, 9999 }) do total = total + count end
  print("primes below 10000:", total)

  -- Futures as keys remember what they are for; they come as they end.
  local word_of = {}
  for _, word in ipairs { "level", "lua", "rotor", 42 } do
    word_of[pool:submit(string.reverse, word)] = word
  end
  local lines = {}
  for future in futures.as_completed(word_of) do
    local word, reversed = word_of[future], future:result()
    if word == reversed then lines[#lines + 1] = word .. " is a palindrome" end
  end
  table.sort(lines)
  print(table.concat(lines, "\n"))

  -- An error waits in the future.
  local broken = pool:submit(count_primes, 1, "ten")
  print("failed:", broken:exception() ~= nil)
end

-- Each worker keeps its interpreter: what the initializer made is there for every job. No more than four lines are read ahead.
local pool = futures.ThreadPoolExecutor {
  max_workers = 2,
  initializer = function(names)
    ages = {}
    for i, name in ipairs(names) do ages[name] = 20 + i end
  end,
  initargs = { { "Ada", "Grace", "Edsger" } },
}
local lines = ("Ada Grace Edsger Ada"):gmatch "%a+"
for name, age in pool:map(function(name) return name, ages[name] end, lines, { buffersize = 4 }) do
  print(name .. " is " .. age)
end
pool:shutdown()

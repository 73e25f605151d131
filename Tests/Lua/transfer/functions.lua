local testing = require "testing"
local threading = require "threading"

local function run(f, ...)
  local t = threading.Thread { target = f, args = table.pack(...) }
  t:start()
  return t:result()
end

-- Upvalues by copy.
local factor = 3
testing.equal(run(function(x) return x * factor end, 4), 12)

-- Two closures that share an upvalue share it there too.
local count = 0
local function increment() count = count + 1 end
local function get() return count end
testing.equal(run(function() increment() increment() return get() end), 2)
testing.equal(count, 0, "the sender's variable")

-- Recursion, alone and mutual.
local function factorial(n) return n <= 1 and 1 or n * factorial(n - 1) end
testing.equal(run(factorial, 10), 3628800)
local is_even
local function is_odd(n) return n ~= 0 and is_even(n - 1) end
function is_even(n) return n == 0 or is_odd(n - 1) end
testing.equal(run(is_even, 10), true)

-- Functions inside tables inside upvalues.
local handlers = { greet = function(name) return "hello " .. name end }
testing.equal(run(function() return handlers.greet("you") end), "hello you")

-- Library functions go by name, and modules too.
testing.equal(run(string.format, "%05d", 42), "00042")
local pack, math_module = table.pack, math
testing.equal(run(function() return pack(1, 2).n + math_module.floor(2.5) end), 4)
local queue = require "queue"
testing.equal(run(function() return queue.Queue(3).maxsize end), 3)

-- Iterator functions as upvalues; vararg functions; several results.
local function each(list) local i = 0 return function() i = i + 1 return list[i] end end
local iterator = each { 5, 6, 7 }
testing.equal(run(function() local sum = 0 for x in iterator do sum = sum + x end return sum end), 18)
testing.equal({ run(function(...) return select("#", ...), ... end, 1, nil, 3) }, { 3, 1, nil, 3 })

-- An error inside names the line of the script.
local ok, message = pcall(run, function() local t = nil; return t.x end)
assert(not ok)
testing.contains(message, "functions.lua:47: attempt to index a nil value")

-- Functions of every shape that Lua's compiler makes.
local testing = require "testing"
local threading = require "threading"

local function run(f, ...)
  local t = threading.Thread { target = f, args = table.pack(...) }
  t:start()
  return t:result()
end

-- As many upvalues as a function may have, and more constants than one instruction reaches.
local code = {}
for i = 1, 200 do code[i] = ("local a%d = %d"):format(i, i) end
code[#code + 1] = "return function() return 0"
for i = 1, 200 do code[#code + 1] = ("+ a%d"):format(i) end
code[#code + 1] = "end"
testing.equal(run(load(table.concat(code, "\n"))()), 200 * 201 // 2)

far_global, far_table = 77, { z = 3 }
for _, constants in ipairs { 255, 256, 400, 140000 } do
  code = { "local t = {" }
  for i = 1, constants do code[#code + 1] = ("'k%d',"):format(i) end
  code[#code + 1] = "} new_global = 5 return t[#t], far_global, far_table.z, new_global"
  testing.equal({ run(load(table.concat(code, "\n"))) }, { "k" .. constants, 77, 3, 5 })
end
testing.equal(new_global, nil)

-- goto, constants, to-be-closed variables, integer division, varargs with holes, results with holes.
local function mixture(...)
  local n, i, closed = select("#", ...), 0, false
  ::top::
  i = i + 1
  if i < 5 then goto top end
  local fixed <const> = 7 // 2
  do
    local resource <close> = setmetatable({}, { __close = function() closed = true end })
  end
  return n + i + fixed, closed, ...
end
testing.equal(table.pack(run(mixture, nil, 1, nil)), { 11, true, nil, 1, nil, n = 5 })

-- A function in a function in a function, each with the variables of all above.
local function level1(a)
  return function(b) return function(c) a, b, c = a + 1, b + 1, c + 1 return a, b, c end end
end
local inner = level1(1)(2)
inner(3)
testing.equal({ run(function() return inner(3) end) }, { 3, 4, 4 })

-- Functions that share a variable keep sharing it, also those made on the other side.
local function counter()
  local count = 0
  return { add = function() count = count + 1 return count end, make = function() return function() count = count + 10 return count end end }
end
testing.equal({ run(function(c) return c.add(), c.make()(), c.add() end, counter()) }, { 1, 11, 12 })

-- The same function is the same one, two closures of one piece of code are two.
local function make(x) return function() return x end end
local one, two = make(1), make(2)
testing.equal({ run(function(a, b, c) return a == b, a == c, a(), c() end, one, one, two) }, { true, false, 1, 2 })

-- Upvalues that were never set, functions without any, coroutines made there.
local unset
testing.equal(run(function() unset = unset == nil and "was nil" return unset end), "was nil")
testing.equal(run(load "return 5"), 5)
testing.equal(run(function() return coroutine.wrap(function(x) coroutine.yield(x + 1) end)(1) end), 2)

-- Sent again and again, also on from the receiver.
local double = function(x) return x * 2 end
for i = 1, 20 do testing.equal(run(double, i), 2 * i) end
testing.equal(run(function()
  local t = require "threading".Thread { target = double, args = { 21 } }
  t:start()
  return t:result()
end), 42)

local testing = require "testing"
local threading = require "threading"

local function run(f, ...)
  local t = threading.Thread { target = f, args = { ... } }
  t:start()
  return t:result()
end

-- Globals that the code reads go with it, and what those read in turn.
base = 10
function helper(x) return x + base end
unrelated = coroutine.create(print) -- cannot cross, and nobody asks it to
testing.equal(run(function() return helper(1) end), 11)

-- As they are at that moment.
base = 20
local t = threading.Thread { target = function() return base end }
t:start()
base = 30
testing.equal(t:result(), 20)

-- What the thread sets stays there.
run(function() base = 99 end)
testing.equal(base, 30)

-- The table of globals is the other side's own.
testing.equal(run(function() _G.fresh = 1 return _G.fresh, _ENV == _G end), 1)
testing.equal(fresh, nil)

-- A redefined library function goes along; an untouched one is the other side's.
local original = tostring
function tostring(x) return "<" .. original(x) .. ">" end
testing.equal(run(function() return tostring(5) end), "<5>")
tostring = original

-- Globals read in a function inside the function, and through many constants.
function inner_helper() return "inner" end
testing.equal(run(function() return (function() return inner_helper() end)() end), "inner")
local code = { "return function() local t = {" }
for i = 1, 300 do code[#code + 1] = ("'constant %d',"):format(i) end
code[#code + 1] = "} return helper(#t) end"
testing.equal(run(load(table.concat(code))()), 330)

-- A global that cannot cross is named.
handle = coroutine.create(print)
local e = testing.raises(require "exceptions".TypeError, run, function() return handle end)
testing.equal(original(e), "cannot pass to another thread: target.global 'handle': a coroutine")

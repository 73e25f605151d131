-- What counts as reading a global, whatever way the code takes to it.
local testing = require "testing"
local threading = require "threading"

local function run(f, ...)
  local t = threading.Thread { target = f, args = { ... } }
  t:start()
  return t:result()
end

named, helper = 5, function() return other end
other = 6
testing.equal(run(function() return _G.named + _G.helper() end), 11)
testing.equal(run(function() return _G["named"] + _ENV.named end), 10)
testing.equal(run(function() local g = _G return g.named end), 5)
local G, environment = _G, _ENV
testing.equal(run(function() return G.named + environment.named end), 10)
testing.equal(run(function()
  local g = _G
  return (function() return (function() return g.named end)() end)()
end), 5)
testing.equal(run(function() return _G._G._G.named end), 5)

-- A name longer than Lua keeps in one piece, and a method of a global.
local long = ("n"):rep(60)
_G[long] = 12
testing.equal(run(load("return " .. long)), 12)
object = { value = 4 }
function object:add(x) return self.value + x end
testing.equal(run(function() return object:add(3) end), 7)

-- Reached through tables, metatables and other functions.
local list = { deep = { function() return other end } }
testing.equal(run(function() return list.deep[1]() end), 6)
local instance = setmetatable({}, { __index = { get = function() return other end }, __call = function() return named end })
testing.equal(run(function(i) return i:get() + i() end, instance), 11)

-- Environments of their own cross as the tables that they are; what one takes from the globals comes along.
testing.equal(run(load("return x", "chunk", "t", { x = 5 })), 5)
testing.equal(run(load("return mine + named", "chunk", "t", setmetatable({ mine = 1 }, { __index = _G }))), 6)
testing.equal(run(load("return named", "chunk", "t", setmetatable({ named = "own" }, { __index = _G }))), "own")
local indirect = setmetatable({}, { __index = setmetatable({ mine = 2 }, { __index = _G }) })
testing.equal(run(load("return mine + named", "chunk", "t", indirect)), 7)
testing.equal(run(function() local _ENV = { inside = 3 } return inside end), 3)
local function sandbox() local _ENV = { inside = 8 } return function() return inside end end
testing.equal(run(sandbox()), 8)

-- Only what is read goes along: writing needs nothing, and what nobody names cannot be in the way.
uncrossable = coroutine.create(print)
testing.equal(run(function() uncrossable = 1 return uncrossable_too end), nil)
testing.equal(run(load("return uncrossable", "chunk", "t", setmetatable({ uncrossable = 2 }, { __index = _G }))), 2)

-- A later message brings the globals as they are then; what the receiver defined itself stays.
local Queue = require "queue".Queue
local there, back = Queue(), Queue()
local t = threading.Thread {
  target = function(inbox, outbox)
    receivers_own = "receiver's"
    for f in inbox:items() do outbox:put { f() } end
  end,
  args = { there, back },
}
t:start()
local function ask(f) there:put(f) return table.unpack(back:get()) end
changing, receivers_own = 1, "sender's"
testing.equal({ ask(function() return changing, receivers_own end) }, { 1, "receiver's" })
changing = 2
testing.equal(ask(function() return changing end), 2)
testing.equal(ask(function() changing = 50 return changing end), 50)
testing.equal(ask(function() return _G.changing end), 2)
there:shutdown()
t:join()

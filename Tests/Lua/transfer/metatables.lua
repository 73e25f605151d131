local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local q = Queue()
local function pass(value) q:put(value) return q:get() end
local function run(f, ...)
  local t = threading.Thread { target = f, args = { ... } }
  t:start()
  return t:result()
end

-- None of the metamethods has a say in the copying; all work afterwards.
local function refuse() error "called" end
local copy = pass(setmetatable({ 1, 2, x = 3 }, {
  __len = function() return 10 end, __pairs = refuse, __newindex = refuse, __metatable = "locked", __name = "My",
  __index = function(_, key) return key .. "!" end, __tostring = function() return "text" end, __mode = "k",
  __call = function(_, x) return x + 1 end, __concat = function() return "joined" end, __close = function() end,
  __eq = function() return true end, __lt = function() return true end, __unm = function() return "minus" end,
}))
testing.equal({ #copy, copy.missing, copy.x, copy(1), copy .. 1, tostring(copy), -copy, rawlen(copy), getmetatable(copy) },
  { 10, "missing!", 3, 2, "joined", "text", "minus", 2, "locked" })
testing.equal(copy == pass(copy) and copy < copy, true)
testing.raises("called", pairs, copy)
do local closing <close> = copy end

-- Plain classes of Lua, with inheritance.
local Animal = {}
Animal.__index = Animal
function Animal.new(name) return setmetatable({ name = name }, Animal) end
function Animal:speak() return self.name .. " makes a sound" end
local Dog = setmetatable({}, { __index = Animal, __call = function(class, name) return setmetatable({ name = name }, class) end })
Dog.__index = Dog
function Dog:fetch() return self:speak() .. " and fetches" end
testing.equal(run(function(dog) return dog:fetch(), Dog("Rex"):fetch(), getmetatable(dog) == Dog end, Dog "Fido"),
  "Fido makes a sound and fetches")

-- Weak tables stay weak; what else holds their values keeps them.
local kept = {}
local weak = pass { weak = setmetatable({ kept, {} }, { __mode = "v" }), kept = kept }
collectgarbage()
collectgarbage()
testing.equal(weak.weak[1] == weak.kept and weak.weak[2] == nil, true)

-- A finalizer is copied like any other function, and finalizes the copy where the copy lives.
local finalizing, list = { finalized = 0 }, {}
finalizing.__gc = function() finalizing.finalized = finalizing.finalized + 1 end
for i = 1, 3 do list[i] = setmetatable({}, finalizing) end
finalizing.first, list[3].all = list[1], list
q:put(list)
testing.equal(run(function(inbox)
  local metatable = getmetatable(inbox:get()[2])
  metatable.first = nil
  collectgarbage()
  collectgarbage()
  return metatable.finalized
end, q), 3)
testing.equal(finalizing.finalized, 0)

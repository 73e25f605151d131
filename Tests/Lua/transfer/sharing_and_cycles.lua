local Queue = require "queue".Queue
local threading = require "threading"

local q = Queue()
local function pass(value)
  q:put(value)
  return q:get()
end
local function run(f, ...)
  local t = threading.Thread { target = f, args = { ... } }
  t:start()
  return t:result()
end

local shared = { "shared" }
local copy = pass { a = shared, b = shared, list = { shared } }
assert(copy.a == copy.b and copy.a == copy.list[1] and copy.a ~= shared and copy.a[1] == "shared")

local cycle = { name = "cycle" }
cycle.self, cycle[cycle] = cycle, cycle
local back = pass(cycle)
assert(back.self == back and back[back] == back and back.name == "cycle")

-- Tables and functions as keys.
local key = { "key" }
local by_key = pass { key = key, [key] = key, [function() return key end] = "f" }
assert(by_key[by_key.key] == by_key.key)
for k, v in pairs(by_key) do assert(v ~= "f" or k() == by_key.key) end

-- Through metatables: its own, one that leads back, one of many.
local own = {}
own.__index = own
setmetatable(own, own)
local own_copy = pass(own)
assert(getmetatable(own_copy) == own_copy and rawget(own_copy, "__index") == own_copy)
local object = {}
setmetatable(object, { __index = object, me = object })
local object_copy = pass(object)
assert(getmetatable(object_copy).me == object_copy and getmetatable(object_copy).__index == object_copy)
local Meta = { __len = function() return 7 end }
local many = pass { setmetatable({}, Meta), setmetatable({}, Meta), Meta }
assert(getmetatable(many[1]) == many[3] and getmetatable(many[2]) == many[3] and #many[1] == 7)

-- Through upvalues.
local node = {}
node.get = function() return node end
local node_copy = pass(node)
assert(node_copy.get() == node_copy)
local itself
itself = function() return itself end
local itself_copy = pass(itself)
assert(itself_copy() == itself_copy)

-- Between target and arguments, and between the upvalues of functions among them.
assert(run(function(argument) return rawequal(argument, shared) end, shared))
local count = 0
local function increment() count = count + 1 end
assert(run(function(other) other() other() return count end, increment) == 2)

-- Through the fields of a class.
local Class = require "exceptions".Exception:subclass("Class")
Class.all = { Class }
Class.instance = Class("x")
assert(run(function(class) return class.all[1] == class and class.instance.class == class end, Class))

-- What two messages share is not shared on the other side: each is a copy of its own.
q:put(shared)
q:put(shared)
assert(q:get() ~= q:get())

-- The sender's table is untouched, and later changes do not show.
q:put(shared)
shared[1] = "changed"
assert(q:get()[1] == "shared")

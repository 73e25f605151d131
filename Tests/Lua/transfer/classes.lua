local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"
local Queue = require "queue".Queue

local q = Queue()
local function pass(value) q:put(value) return q:get() end
local function run(f, ...)
  local t = threading.Thread { target = f, args = { ... } }
  t:start()
  return t:result()
end

-- Exceptions keep class, arguments and traceback, and are recognized by the class on this side.
local MyError = exceptions.ValueError:subclass("MyError")
function MyError:init(code) MyError.super.init(self, "code " .. code) self.code = code end
function MyError:double() return self.code * 2 end
local e = testing.raises(MyError, "code 7", run, function() error(MyError(7)) end)
assert(exceptions.ValueError:is(e) and e.class == MyError and e.code == 7 and e:double() == 14)
testing.contains(e.traceback, "classes.lua:18")

-- Built-in classes are the same everywhere.
assert(exceptions.KeyError:is(testing.raises(exceptions.KeyError, run, function() error(exceptions.KeyError("k")) end)))
assert(require "queue".Empty:is(testing.raises(require "queue".Empty, run, function() q:get_nowait() end)))

-- Plain metatables cross as copies.
local Point = {}
Point.__index = Point
Point.__add = function(a, b) return setmetatable({ x = a.x + b.x }, Point) end
function Point:double() return self.x * 2 end
local p = pass(setmetatable({ x = 21 }, Point))
testing.equal(p:double(), 42)
testing.equal((p + p).x, 42)

-- A class itself, and instances of a subclass of a subclass.
local Base = exceptions.Exception:subclass("Base")
local Derived = Base:subclass("Derived")
function Derived:hello() return "hello" end
testing.equal(pass(Derived), Derived)
testing.equal(run(function() return Derived("x"):hello(), Base:is(Derived("y")) end), "hello")
assert(Base:is(run(function() return Derived("z") end)))

-- Error values of any kind.
local t = { reason = "table" }
testing.equal(select(2, pcall(run, function() error(t) end)), t)
testing.equal(select(2, pcall(run, function() error(nil) end)), nil)
testing.equal(select(2, pcall(run, function() error("plain", 0) end)), "plain")
testing.equal(select(2, pcall(run, function() error(42) end)), 42)

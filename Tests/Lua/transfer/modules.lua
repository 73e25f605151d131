-- Modules cross by name, whatever they are, and are found where the sender finds them. Argument: an empty folder.
local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue
local folder = ...

local function run(f, ...)
  local t = threading.Thread { target = f, args = { ... } }
  t:start()
  return t:result()
end
threading.excepthook = function() end

testing.write(folder .. "/counter.lua", [[
  local M, secret = { count = 0 }, 5
  function M.bump() M.count = M.count + 1 return M.count end
  function M.secret() return secret end
  function M.set(value) secret = value end
  return M]])
testing.write(folder .. "/double.lua", "return function(x) return x * 2 end")
testing.write(folder .. "/event.lua", "return require 'threading'.Event()")
package.path = folder .. "/?.lua;" .. package.path

-- A table: in an upvalue, in a table, as an argument, as a key. The other side has its own.
local counter = require "counter"
counter.bump()
testing.equal(run(function() return counter.bump(), counter == require "counter" end), 1)
testing.equal(run(function(list) return list[1] == require "counter" and list.again == list[1] end, { counter, again = counter }), true)
testing.equal(run(function(t) return next(t) == require "counter" end, { [counter] = 1 }), true)
local q = Queue()
q:put { counter }
testing.equal(q:get()[1] == counter, true, "home again it is the same")

-- A function of a module is a function: it crosses as a copy, with the variables of its module as they are.
counter.set(9)
testing.equal(run(counter.secret), 9)
testing.equal(run(function() return counter.secret() end), 5, "the other side's own")

-- A function, an object; required inside without being in the message.
local double, event = require "double", require "event"
testing.equal(run(function(f) return f(4), f == require "double" end, double), 8)
testing.equal(run(function() return double == require "double" and event == require "event" end), true)
testing.equal(run(function() return require("double")(4) end), 8)

-- Modules of ours, and of Lua's.
local struct, text, globals = require "struct", string, package.loaded._G
testing.equal(run(function() return struct == require "struct" and text == string and globals == _G end), true)
testing.equal(run(function() return getmetatable("") == text end), false)
local of_strings = getmetatable("")
testing.equal(run(function() return of_strings == getmetatable("") end), true)

-- One that a function in package.preload makes.
package.preload.made = function(name) return { name = name } end
local made = require "made"
testing.equal(run(function() return made.name, made == require "made" end), "made")

-- One that was loaded after others were looked at, under two names, and again.
package.loaded["another name"] = counter
testing.equal(run(function() return counter == require "counter" end), true)
package.loaded["another name"], package.loaded.counter = nil, nil
local fresh = require "counter"
testing.equal(run(function() return fresh == require "counter" end), true)
testing.equal(run(function() return counter.count, counter == require "counter" end), 1, "no module any more: a copy")

-- What only this script's package.loaded has is refused with its place, before anything starts.
package.loaded.by_hand = { x = 1 }
local by_hand = package.loaded.by_hand
local before = threading.active_count()
local t = threading.Thread { target = function() return by_hand.x end }
testing.raises("cannot pass to another thread: target.upvalue 'by_hand': module 'by_hand' not found", t.start, t)
testing.equal(threading.active_count(), before)
testing.equal(t:is_alive(), false)
testing.raises("item.list[2]: module 'by_hand' not found", q.put, q, { list = { 1, by_hand } })
testing.equal(q:empty(), true)
package.loaded.by_hand_too = function() return 1 end
testing.raises("args[1]: module 'by_hand_too' not found", run, print, package.loaded.by_hand_too)
-- With a loader, or under a name that is found, it crosses.
package.preload.by_hand = function() return { x = 2 } end
testing.equal(run(function() return by_hand.x end), 2)
package.loaded["fresh again"], package.loaded.string_again = fresh, string
testing.equal(run(function() return fresh == require "counter" end), true)
testing.equal(run(function() return text == string end), true)

-- The tables that package keeps modules in are each side's own.
local loaded, preload, searchers = package.loaded, package.preload, package.searchers
testing.equal(run(function()
  return loaded == package.loaded and preload == package.preload and searchers == package.searchers
end), true)
testing.equal(run(function(p) return p == package.loaded end, loaded), true)
q:put(searchers)
testing.equal(q:get() == searchers, true)

-- What the other side cannot load after all is an error that names it.
testing.write(folder .. "/fails.lua", "return {}")
local fails = require "fails"
testing.write(folder .. "/fails.lua", "error 'no luck'")
testing.raises("fails.lua:1: no luck", run, function() return fails end)

-- Functions of C and of Swift cross by name, wherever the script keeps them.
local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local function run(f, ...)
  local t = threading.Thread { target = f, args = table.pack(...) }
  t:start()
  return t:result()
end

local format, repeated, insert, unpack, sine = string.format, ("x").rep, table.insert, table.unpack, math.sin
testing.equal(run(function()
  local t = {}
  insert(t, format("%02d", 7))
  return repeated(t[1], 2) .. select("#", unpack { 1, 2, 3 }), sine(0)
end), "07073")
testing.equal(run(function(t) return t.open == io.open and t[1] == next end, { next, open = io.open }), true)

-- Those that Nightjar has replaced, and those that carry values.
local load, collect, call, create = load, collectgarbage, pcall, coroutine.create
testing.equal(run(function()
  return load "return 5"() + (collect "count" > 0 and 1 or 0), call(error), type(create(print))
end), 6)

-- Iterators and methods that no table of a library has.
local step, following, codes, write = ipairs {}, pairs {}, utf8.codes "", io.stdout.write
testing.equal(run(function()
  local sum = 0
  for _, v in step, { 1, 2, 3 }, 0 do sum = sum + v end
  return sum, following { k = 1 }, codes == utf8.codes "", write == io.stdout.write
end), 6)

-- Of our modules: functions, classes, methods of classes, methods of instances.
local current, Q, put, is, info = threading.current_thread, Queue, Queue.put, require "exceptions".ValueError.is, require "logging".info
local get = Queue().get
testing.equal(run(function()
  local q = Q()
  put(q, current().name)
  return get(q):match "^Thread", is == require "exceptions".KeyError.is, info == require "logging".info
end), "Thread")

-- What a script has put in place of one is its own; the one that was there before is still known.
local original = string.format
string.format = function(...) return "mine:" .. original(...) end
local mine = string.format
testing.equal({ run(function() return mine("%d", 1), original("%d", 1) end) }, { "mine:1", "1" })
string.format = original

-- The standard streams, where code refers to them.
local errors = io.stderr
stream = io.stdout
testing.equal(run(function() return errors == io.stderr and stream == io.stdout end), true)

-- Closures of C that carry a state cannot be made again.
local refused = "a C function that no module has"
testing.raises(refused, run, ("abc"):gmatch ".")
testing.raises("args[1]: " .. refused, run, print, coroutine.wrap(print))
testing.raises("target.upvalue 'lines'", run, (function() local lines = io.lines(arg and arg[0] or "/dev/null") return function() return lines end end)())

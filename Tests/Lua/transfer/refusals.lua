local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"
local Queue = require "queue".Queue

local co = coroutine.create(print)
local q = Queue()

local function refused(expected, f, ...)
  local e = testing.raises(exceptions.TypeError, f, ...)
  testing.equal(tostring(e), "cannot pass to another thread: " .. expected, nil, 2)
end

refused("item: a coroutine", q.put, q, co)
refused("item.a.b[3]: a coroutine", q.put, q, { a = { b = { 1, 2, co } } })
refused("item[\"a b\"][\"\"][\"1x\"]: a coroutine", q.put, q, { ["a b"] = { [""] = { ["1x"] = co } } })
refused("item: an open Lua file", q.put, q, io.stdout)
refused("item.upvalue 'co': a coroutine", q.put, q, function() return co end)
local inner = { deep = function() return co end }
refused("item[1].deep.upvalue 'co': a coroutine", q.put, q, { inner })
refused("item.upvalue 'inner'.deep.upvalue 'co': a coroutine", q.put, q, function() return inner end)
refused("item: a C function that no module has", q.put, q, coroutine.wrap(print))

-- In keys, metatables, classes, globals of functions reached.
refused("item (a key): a coroutine", q.put, q, { [co] = 1 })
refused("item.x (a key)[1]: a coroutine", q.put, q, { x = { [{ co }] = 1 } })
refused("item[1.5][true][-3]: a coroutine", q.put, q, { [1.5] = { [true] = { [-3] = co } } })
refused("item (its metatable).__index.deep: a coroutine", q.put, q, setmetatable({}, { __index = { deep = co } }))
local Holder = exceptions.Exception:subclass("Holder")
function Holder:hold() return co end
refused("item.hold.upvalue 'co': a coroutine", q.put, q, Holder)
refused("item[2] (its class).hold.upvalue 'co': a coroutine", q.put, q, { 1, Holder("x") })
global_co, reaches = co, function() return global_co end
refused("item.f.global 'reaches'.global 'global_co': a coroutine", q.put, q, { f = function() return reaches() end })
refused("item.global 'global_co': a coroutine", q.put, q, function() return _G.global_co end)

-- A long way is shortened, however far down its end is.
local deep = { on_done = co }
for _ = 1, 100000 do deep = { deep } end
local long = tostring(testing.raises(exceptions.TypeError, q.put, q, deep))
testing.contains(long, "cannot pass to another thread: item[1][1]")
testing.contains(long, "[1][1].on_done: a coroutine")
assert(#long < 200, long)

-- Twice the same culprit: either way is right.
local either = tostring(testing.raises(exceptions.TypeError, q.put, q, { a = co, b = co }))
assert(either:match "item%.[ab]: a coroutine$", either)

-- Objects that belong to their interpreter, and files.
local weakref, zipfile = require "weakref", require "zipfile"
local referent = {}
refused("item: a userdata (weakref.ref)", q.put, q, weakref.ref(referent))
refused("item: a weakref.proxy", q.put, q, weakref.proxy(referent))
refused("item.set: a userdata (weakref.WeakSet)", q.put, q, { set = weakref.WeakSet() })
local lock = threading.Lock()
refused("item: a userdata (threading.LockGuard)", q.put, q, lock:hold())
refused("item.log: an open Lua file", q.put, q, { log = io.tmpfile() })
local path = os.tmpname()
os.remove(path)
local archive = zipfile.ZipFile(path, "w")
refused("item: a zipfile.ZipFile open for writing", q.put, q, archive)
archive:close()
os.remove(path)
testing.equal(q:qsize(), 0, "nothing was enqueued")

local function start(args)
  threading.Thread { target = print, args = args }:start()
end
refused("args[2].callbacks.on_done: a coroutine", start, { 1, { callbacks = { on_done = co } } })
refused("target.upvalue 'co': a coroutine", function() threading.Thread { target = function() return co end }:start() end)
refused("kwargs.callbacks[1]: a coroutine", function()
  threading.Thread { target = print, kwargs = { callbacks = { co } } }:start()
end)
local Runner = threading.Thread:subclass("Runner")
function Runner:run() return co end
local runner = Runner()
refused("self (its class).run.upvalue 'co': a coroutine", runner.start, runner)
testing.equal(runner.state, "initial")
testing.equal(threading.active_count(), 1, "nothing was started")

-- After a refusal the same thread object can be started with something better.
local t = threading.Thread { target = function(x) return x end, args = { 1 } }
t.extra = co
refused("self.extra: a coroutine", t.start, t)
t.extra = nil
t:start()
testing.equal(t:result(), 1)

-- A result that cannot cross is the thread's error.
local hook = {}
local bad = threading.Thread { target = function() threading.excepthook = function() end return coroutine.create(print) end }
bad:start()
refused("result: a coroutine", bad.result, bad)

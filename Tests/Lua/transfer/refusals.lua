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
testing.equal(q:qsize(), 0, "nothing was enqueued")

local function start(args)
  threading.Thread { target = print, args = args }:start()
end
refused("args[2].callbacks.on_done: a coroutine", start, { 1, { callbacks = { on_done = co } } })
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

local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local never, lock, q = threading.Event(), threading.Lock(), Queue()
lock:acquire()
local ways = {
  busy = function(started) started:set() while true do end end,
  protected = function(started) started:set() while true do pcall(function() while true do end end) end end,
  coroutine = function(started) started:set() coroutine.wrap(function() while true do pcall(error) end end)() end,
  queue = function(started) started:set() q:get() end,
  event = function(started) started:set() never:wait() end,
  lock = function(started) started:set() lock:acquire() end,
  join = function(started)
    local t = threading.Thread { target = function() never:wait() end, daemon = true }
    t:start()
    started:set()
    pcall(t.join, t)
    error("not reached")
  end,
}
for name, body in pairs(ways) do
  local started = threading.Event()
  local t = threading.Thread { target = body, args = { started }, name = name }
  t:start()
  started:wait()
  testing.equal(t:cancel(), true, name)
  t:join()
  testing.equal(t.state, "cancelled", name)
  testing.raises(threading.CancelledError, "was cancelled", t.result, t)
  testing.equal(t:cancel(), false, name)
end

-- To-be-closed variables run, and may still use queues.
local started = threading.Event()
local t = threading.Thread {
  target = function()
    local cleanup <close> = setmetatable({}, { __close = function() q:put("cleaned up") end })
    started:set()
    never:wait()
  end,
}
t:start()
started:wait()
t:cancel()
t:join()
testing.equal(q:get_nowait(), "cleaned up")

-- Before the start.
local unstarted = threading.Thread { target = function() return 1 end }
unstarted:cancel()
unstarted:start()
unstarted:join()
testing.equal(unstarted.state, "cancelled")
never:set()

-- Before the start, at it, twice, from inside, after the end: a thread is cancelled once or not at all.
local testing = require "testing"
local threading = require "threading"

-- Before the start: it never runs.
local ran = threading.Event()
local thread = threading.Thread { target = function() ran:set() end }
testing.equal(thread:cancel(), true)
testing.equal(thread.state, "initial")
thread:start()
thread:join()
testing.equal({ thread.state, ran:is_set(), thread:is_alive() }, { "cancelled", false, false })

-- At any moment of the start, with arguments that take a while to unpack.
local big = {}
for i = 1, 2000 do big[i] = { i, tostring(i) } end
for i = 1, 40 do
  local t = threading.Thread { target = function() while true do end end, args = { big } }
  t:start()
  for _ = 1, i * 100 do end
  t:cancel()
  t:join()
  testing.equal(t.state, "cancelled")
end

-- Twice is once.
local started = threading.Event()
thread = threading.Thread { target = function() started:set() while true do end end }
thread:start()
started:wait()
testing.equal({ thread:cancel(), thread:cancel() }, { true, true })
thread:join()
testing.equal({ thread.state, thread:cancel(), thread.state }, { "cancelled", false, "cancelled" })

-- From inside: nothing of the thread runs after that but what it left to be closed.
local log = require "queue".Queue()
thread = threading.Thread {
  target = function()
    local x <close> = setmetatable({}, { __close = function() log:put("closed") end })
    log:put("before")
    threading.current_thread():cancel()
    log:put("after")
  end,
}
thread:start()
thread:join()
testing.equal({ thread.state, log:get(), log:get(), log:empty() }, { "cancelled", "before", "closed", true })

-- After the end.
thread = threading.Thread { target = function() return 7 end }
thread:start()
thread:join()
testing.equal({ thread:cancel(), thread.state, thread:result() }, { false, "finished", 7 })

-- At its end: it has ended in one way or the other, with its result or without.
for i = 1, 200 do
  local t = threading.Thread { target = function() return { 1, 2, 3 } end }
  t:start()
  for _ = 1, i * 20 do end
  t:cancel()
  local ok, result = pcall(t.result, t)
  testing.equal(t.state, ok and "finished" or "cancelled")
  if ok then testing.equal(result, { 1, 2, 3 }) else testing.equal(threading.CancelledError:is(result), true) end
end

-- While it fails: its error or the cancellation is told, not both.
for i = 1, 100 do
  local t = threading.Thread { target = function() error(setmetatable({}, { __tostring = function() return "x" end })) end }
  threading.excepthook = function() end
  t:start()
  for _ = 1, i * 20 do end
  t:cancel()
  t:join()
  testing.equal(t.state == "failed" or t.state == "cancelled", true, t.state)
end

-- As in Python nobody has to want what a function returns. Who asks is told why it cannot be had.
local testing = require "testing"
local threading = require "threading"
local TypeError = require "exceptions".TypeError

local failed = require "queue".Queue()
threading.excepthook = function(args) failed:put(tostring(args.exc_value)) end
for culprit, make in pairs {
  ["result: a coroutine"] = function() return coroutine.create(print) end,
  ["result: an open Lua file"] = function() return io.stdout end,
  ["result.deep[1]: a coroutine"] = function() return 1, { deep = { coroutine.create(print) } } end,
} do
  local t = threading.Thread { target = make }
  t:start()
  t:join()
  testing.equal(t.state, "finished")
  testing.raises(TypeError, "cannot pass to another thread: " .. culprit, t.result, t)
end
testing.equal(failed:qsize(), 0)

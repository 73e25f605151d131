-- Threads that compute or do input and output, timers, and jobs rule a report out, for longer than one takes.
local testing = require "testing"
local threading, queue, futures = require "threading", require "queue", require "futures"

local q = queue.Queue()
local function run(what) threading.Thread { target = what, daemon = true }:start() end

run(function()
  local start = os.clock()
  while os.clock() - start < 0.2 do end
  q:put "computed"
end)
testing.equal(q:get(), "computed")

run(function()
  os.execute "sleep 0.2"
  q:put "executed"
end)
testing.equal(q:get(), "executed")

run(function()
  local pipe <close> = io.popen "sleep 0.2; echo read"
  q:put(pipe:read())
end)
testing.equal(q:get(), "read")

threading.Timer(0.2, function() q:put "timed" end):start()
testing.equal(q:get(), "timed")

local executor <close> = futures.ThreadPoolExecutor(1)
testing.equal(executor:submit(function()
  os.execute "sleep 0.2"
  return "done"
end):result(), "done")

-- Joins, of threads that take their time.
local slow = threading.Thread { target = os.execute, args = { "sleep 0.2" } }
slow:start()
slow:join()
testing.equal(slow.state, "finished")

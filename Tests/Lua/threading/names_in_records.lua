-- Who renames a thread renames it in the records that it makes from then on, whichever thread that is.
local testing = require "testing"
local logging = require "logging"
local threading = require "threading"
local queue = require "queue"

local q, go = queue.Queue(), threading.Event()
local log = logging.getLogger("renamed")
log.propagate = false
log:addHandler(require("logging.handlers").QueueHandler(q))

local t = threading.Thread { name = "first", args = { log, go }, target = function(log, go)
  log:warning("one")
  go:wait()
  log:warning("two")
  require("threading").current_thread().name = "third"
  log:warning("three")
end }
t:start()
testing.equal(q:get().threadName, "first")
t.name = "second"
go:set()
testing.equal({ q:get().threadName, q:get().threadName }, { "second", "third" })
t:join()

-- One that has ended leaves the thread that it ran on alone.
t.name = "gone"
local other = threading.Thread { name = "other", args = { log }, target = function(log) log:warning("m") end }
other:start()
testing.equal(q:get().threadName, "other")
other:join()

-- The main thread, from another one.
threading.Thread { args = { threading.main_thread() }, target = function(main) main.name = "Main" end }:start()
for _, thread in ipairs(threading.enumerate()) do
  if thread ~= threading.main_thread() then thread:join() end
end
log:warning("m")
testing.equal(q:get().threadName, "Main")

-- Threads run at the same time: two that wait for each other could not otherwise end.
local testing = require "testing"
local threading = require "threading"

local a, b = threading.Event(), threading.Event()
local first = threading.Thread { target = function() a:set() return b:wait(10) end }
local second = threading.Thread { target = function() b:set() return a:wait(10) end }
first:start()
second:start()
testing.equal({ first:result(), second:result() }, { true, true })

-- A hundred at once.
local gate, threads = threading.Event(), {}
for i = 1, 100 do
  threads[i] = threading.Thread { target = function(i) gate:wait() return i * i end, args = { i } }
  threads[i]:start()
end
testing.equal(threading.active_count(), 101)
gate:set()
local sum = 0
for _, t in ipairs(threads) do sum = sum + t:result() end
testing.equal(sum, 338350)

-- The report: a sentence, then for each thread its name, the call and its line, and the object with the line that made it.
local testing = require "testing"
local threading, queue = require "threading", require "queue"

local file = debug.getinfo(1, "S").short_src
local function here() return file .. ":" .. debug.getinfo(2, "l").currentline end

threading.current_thread().name = "the boss"
local lock = threading.Lock() local lock_made = here()
local jobs = queue.Queue(1) local jobs_made = here()
local gate = threading.Barrier(3) local gate_made = here()

lock:acquire()
local _, e = pcall(lock.acquire, lock) local line = here()
testing.equal(tostring(e), "deadlock: the boss waits for itself\n"
  .. "  the boss waits in Lock.acquire at " .. line .. " for threading.Lock created at " .. lock_made .. ", held by itself")

jobs:put("job")
local function meet() return select(2, pcall(gate.wait, gate)) end local worker_line = here()
local worker = threading.Thread { name = "worker", target = meet }
worker:start()
_, e = pcall(jobs.join, jobs) line = here()
-- The main thread is told last: the other one's error did not wake it.
testing.equal(tostring(e), "deadlock: the boss waits, and there is no other thread to wake it\n"
  .. "  the boss waits in Queue.join at " .. line .. " for queue.Queue created at " .. jobs_made
  .. ", of whose items 1 are not done")
testing.equal(tostring(worker:result()), "deadlock: both threads wait, and nobody is left to wake worker\n"
  .. "  worker waits in Barrier.wait at " .. worker_line .. " for threading.Barrier created at " .. gate_made
  .. ", where 1 of 3 parties have come\n"
  .. "  the boss waits in Queue.join at " .. line .. " for queue.Queue created at " .. jobs_made
  .. ", of whose items 1 are not done")

-- Objects that would be called the same get numbers.
local pair = {}
for i = 1, 2 do pair[i] = threading.Event() end
local waiter = threading.Thread { target = function(event) return select(2, pcall(event.wait, event)) end, args = { pair[2] } }
waiter:start()
pcall(pair[1].wait, pair[1])
testing.contains(waiter:result(), "(#1)")
testing.contains(waiter:result(), "(#2)")

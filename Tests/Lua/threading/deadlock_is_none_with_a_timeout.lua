-- A wait with a timeout ends: neither it nor the others that wait meanwhile are told anything.
local testing = require "testing"
local threading, queue = require "threading", require "queue"

local late, q = 0.2, queue.Queue()
testing.equal(threading.Event():wait(late), false)
testing.raises(queue.Empty, q.get, q, true, late)
testing.equal(threading.Semaphore(0):acquire(true, late), false)
local lock = threading.Lock()
lock:acquire()
testing.equal(lock:acquire(true, late), false)
testing.raises(threading.BrokenBarrierError, function() threading.Barrier(2):wait(late) end)

-- One thread with a timeout, then at work, and one that waits for it.
local function sender(daemon)
  threading.Thread {
    daemon = daemon,
    target = function()
      threading.Event():wait(late)
      q:put "sent"
    end,
  }:start()
end
for _, daemon in ipairs { false, true } do
  sender(daemon)
  testing.equal(q:get(), "sent")
end

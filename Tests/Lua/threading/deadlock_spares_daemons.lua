-- Daemons may wait for work for ever: they count as waiting, and are told nothing. Who waits for one is.
local testing = require "testing"
local threading, queue = require "threading", require "queue"

local jobs, done = queue.Queue(), queue.Queue()
local daemon = threading.Thread {
  name = "server", daemon = true,
  target = function()
    while true do done:put(jobs:get() * 2) end
  end,
}
daemon:start()

-- Not while it is at work, ...
jobs:put(21)
testing.equal(done:get(), 42)
-- ... but when it waits as well.
local e = testing.raises(threading.DeadlockError, done.get, done)
testing.contains(e, "server waits in Queue.get at ")
testing.contains(e, "nobody is left to wake MainThread")
e = testing.raises(threading.DeadlockError, daemon.join, daemon)
testing.contains(tostring(e):match("MainThread waits[^\n]*"), " for server")

-- It goes on all the same.
jobs:put(4)
testing.equal({ done:get(), daemon:is_alive() }, { 8, true })

-- A circle is named with the daemon that is in it.
local mine, its, ready = threading.Lock(), threading.Lock(), threading.Event()
mine:acquire()
local keeper = threading.Thread {
  name = "keeper", daemon = true,
  target = function()
    local kept <close> = its:hold()
    ready:set()
    mine:acquire()
  end,
}
keeper:start()
ready:wait()
e = testing.raises(threading.DeadlockError, its.acquire, its)
testing.contains(e, "deadlock: MainThread and keeper wait for each other\n")

local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

-- The starter's copy of the object, sent to the thread that runs it, does not undo what that has done.
local inbox, ready = Queue(), threading.Event()
local Worker = threading.Thread:subclass("Worker")
function Worker:init() self.count, self.tag = 0, "from the start" end
function Worker:run()
  self.count = 10
  ready:set()
  local me = inbox:get()
  assert(me == self)
  self.seen = self.count
end
local worker = Worker()
worker:start()
ready:wait()
worker.count = 1
inbox:put(worker)
worker:join()
testing.equal({ worker.seen, worker.count, worker.tag }, { 10, 10, "from the start" })

-- What the starter has set meanwhile stays, where the thread has nothing of that name.
local gate = threading.Event()
local Quiet = threading.Thread:subclass("Quiet")
function Quiet:run() gate:wait() self.mine = 1 end
local quiet = Quiet()
quiet:start()
quiet.yours = 2
gate:set()
quiet:join()
testing.equal({ quiet.mine, quiet.yours }, { 1, 2 })

-- Classes that scripts make of a queue: own constructor, own methods, fields; the same in every thread.
local testing = require "testing"
local queue = require "queue"
local threading = require "threading"

local Jobs = queue.Queue:subclass("Jobs")
function Jobs:init(name, maxsize)
  Jobs.super.init(self, maxsize)
  self.name = name
end
function Jobs:put(item, ...)
  self.last = item
  Jobs.super.put(self, { job = item }, ...)
end

local jobs = Jobs("mail", 2)
testing.equal({ jobs.maxsize, jobs.name, tostring(jobs), jobs.class == Jobs }, { 2, "mail", "<Jobs maxsize=2 qsize=0>", true })
testing.equal({ queue.Queue:is(jobs), Jobs:is(jobs), Jobs:is(queue.Queue()) }, { true, true, false })
jobs:put("a")
jobs:put("b", false)
testing.raises(queue.Full, jobs.put, jobs, "c", false)
testing.equal({ jobs.last, jobs:qsize(), jobs:get().job }, { "c", 2, "a" })

local thread = threading.Thread {
  target = function()
    jobs:put("from the thread")
    return jobs, jobs.name, Jobs:is(jobs), tostring(jobs)
  end,
}
thread:start()
local same, name, is_jobs, text = thread:result()
testing.equal({ same == jobs, name, is_jobs, text }, { true, "mail", true, "<Jobs maxsize=2 qsize=2>" })
testing.equal({ jobs:get().job, jobs:get().job }, { "b", "from the thread" })

-- Without a constructor of its own the class takes the parent's arguments; one that does not call the parent's gets a queue all the same.
local ByTime = queue.PriorityQueue:subclass("ByTime")
local times = ByTime { key = "at" }
times:put { at = 2 }
times:put { at = 1 }
testing.equal({ times:get().at, tostring(times) }, { 1, "<ByTime maxsize=0 qsize=1 key='at'>" })
local Careless = queue.LifoQueue:subclass("Careless")
function Careless:init() end
local careless = Careless(5)
careless:put(1)
testing.equal({ careless:get(), careless.maxsize }, { 1, 0 })

-- A queue of Python's own classes takes fields too; methods are not hidden by them.
local q = queue.Queue()
q.note = "mine"
testing.equal(q.note, "mine")

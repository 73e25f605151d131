local testing = require "testing"
local threading = require "threading"

local Worker = threading.Thread:subclass("Worker")
function Worker:init(tag) self.tag = tag end
function Worker:run()
  self.gate:wait()
  self.answer = self.tag .. " done"
end
Worker.gate = threading.Event()

testing.equal(threading.enumerate(), { threading.main_thread() })
for i = 1, 3 do Worker("worker " .. i):start() end
threading.Timer(60, print):start()
collectgarbage()
collectgarbage()

local threads = threading.enumerate()
testing.equal({ #threads, threading.active_count(), threading.activeCount() }, { 5, 5, 5 })
testing.equal(threads[1], threading.main_thread())
Worker.gate:set()
for i = 1, 3 do
  local worker = threads[i + 1]
  testing.equal({ worker.class, worker.tag }, { Worker, "worker " .. i })
  worker:join()
  testing.equal(worker.answer, "worker " .. i .. " done")
end
local timer = threads[5]
testing.equal({ timer.class, timer.interval }, { threading.Timer, 60 })
timer:cancel()
timer:join()
testing.equal(threading.enumerate(), { threading.main_thread() })

-- From another thread they are threads, too.
local gate = threading.Event()
local sleeper = threading.Timer(60, print)
sleeper:start()
local observer = threading.Thread {
  target = function()
    local found = {}
    for i, t in ipairs(threading.enumerate()) do found[i] = { t.name, t.class.__name, t:is_alive() } end
    return found, threading.current_thread().class == threading.Thread
  end,
}
observer:start()
local found, own = observer:result()
testing.equal(found, {
  { "MainThread", "Thread", true }, { sleeper.name, "Timer", true }, { observer.name, "Thread", true },
})
testing.equal(own, true)
sleeper:cancel()
sleeper:join()

-- A thread that has been joined is never in the list.
for _ = 1, 100 do
  local t = threading.Thread { target = function() end }
  t:start()
  t:join()
  for _, alive in ipairs(threading.enumerate()) do assert(alive ~= t) end
end

local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"
local threading = require "threading"
local gc = require "gc"

local function name()
  local t = threading.current_thread()
  assert(t:is_alive() and t.ident == threading.get_ident() and t.native_id == threading.get_native_id())
  return t.name
end
local function names()
  local list = {}
  for _, t in ipairs(threading.enumerate()) do list[#list + 1] = t.name end
  table.sort(list)
  return list
end

-- Idle workers are reused before there are new ones.
local ex = futures.ThreadPoolExecutor()
local default = ex:submit(name):result()
testing.equal(default:match "^ThreadPoolExecutor%-%d+_0$", default)
for _ = 1, 50 do testing.equal(ex:submit(name):result(), default) end
testing.equal(names(), { "MainThread", default })
ex:shutdown()
testing.equal(names(), { "MainThread" })

-- No more than max_workers; a prefix of one's own.
ex = futures.ThreadPoolExecutor(4, "SpecialPool")
local gate = threading.Event()
local fs = {}
for i = 1, 60 do fs[i] = ex:submit(function() gate:wait() return threading.current_thread().name end) end
testing.equal(names(), { "MainThread", "SpecialPool_0", "SpecialPool_1", "SpecialPool_2", "SpecialPool_3" })
gate:set()
for _, f in ipairs(fs) do testing.equal(f:result():match "^SpecialPool_[0-3]$", f:result()) end

-- They are threads: alive, with numbers, no daemons.
local workers = threading.enumerate()
table.remove(workers, 1)
for _, t in ipairs(workers) do
  assert(t:is_alive() and not t.daemon)
  testing.contains(t, "<Thread(SpecialPool_")
end
ex:shutdown()
for _, t in ipairs(workers) do
  testing.equal({ t:is_alive(), t.state }, { false, "finished" })
  t:join()
end
testing.raises(exceptions.RuntimeError, "threads can only be started once", workers[1].start, workers[1])

-- Letting go of the executor ends them.
ex = futures.ThreadPoolExecutor(2, "forgotten")
local result = ex:submit(name)
workers = threading.enumerate()
ex = nil
gc.collect()
workers[2]:join()
testing.equal(result:result(), "forgotten_0")

for _, count in ipairs { 0, -1 } do
  testing.raises(exceptions.ValueError, "max_workers must be greater than 0", futures.ThreadPoolExecutor, count)
end
testing.raises(exceptions.TypeError, "max_workers", futures.ThreadPoolExecutor, "many")
testing.raises(exceptions.TypeError, "unexpected named argument 'workers'", futures.ThreadPoolExecutor, { workers = 3 })
testing.contains(futures.ThreadPoolExecutor(3), "<ThreadPoolExecutor max_workers=3 threads=0 pending=0>")

-- So they end after all that map submitted, though nobody has read it yet.
ex = futures.ThreadPoolExecutor(3, "mapped")
local results = ex:map(math.abs, { -1, -2, -3, -4, -5 })
workers = threading.enumerate()
ex = nil
gc.collect()
for i = 2, #workers do workers[i]:join() end
local sum = 0
for x in results do sum = sum + x end
testing.equal(sum, 15)

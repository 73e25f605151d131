local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"
local threading = require "threading"
local queue = require "queue"
local logging = require "logging"

-- What it sets stays in the worker's interpreter.
status = "uninitialized"
function init(x) status = x end
function get_status() return status end
local ex = futures.ThreadPoolExecutor { max_workers = 2, initializer = init, initargs = { "initialized" } }
local fs = {}
for i = 1, 10 do fs[i] = ex:submit(get_status) end
for _, f in ipairs(fs) do testing.equal(f:result(), "initialized") end
ex:shutdown()
testing.equal(status, "uninitialized")

-- Once in each worker.
local calls = queue.Queue()
local gate = threading.Event()
ex = futures.ThreadPoolExecutor(3, "prepared", function(a, b)
  calls:put(threading.current_thread().name .. a .. b)
end, { "x", "y" })
fs = {}
for i = 1, 9 do fs[i] = ex:submit(function() gate:wait() end) end
gate:set()
ex:shutdown()
local names = {}
while not calls:empty() do names[#names + 1] = calls:get() end
table.sort(names)
testing.equal(names, { "prepared_0xy", "prepared_1xy", "prepared_2xy" })

-- What it holds lives as long as the worker.
ex = futures.ThreadPoolExecutor(1, nil, function() connection = { uses = 0 } end)
local function use()
  connection.uses = connection.uses + 1
  return connection.uses
end
testing.equal({ ex:submit(use):result(), ex:submit(use):result(), ex:submit(use):result() }, { 1, 2, 3 })
ex:shutdown()

-- One that fails breaks the pool.
local path = ... .. "/log"
local logger = logging.getLogger("concurrent.futures")
logger:addHandler(logging.FileHandler(path))
logger.propagate = false
gate = threading.Event()
ex = futures.ThreadPoolExecutor(2, "broken", function()
  gate:wait()
  error(exceptions.ValueError("error in initializer"))
end)
fs = { ex:submit(get_status), ex:submit(get_status), ex:submit(get_status) }
gate:set()
for _, f in ipairs(fs) do
  local e = testing.raises(futures.BrokenThreadPool, "A thread initializer failed, the thread pool is not usable anymore",
    f.result, f)
  assert(futures.BrokenExecutor:is(e) and exceptions.RuntimeError:is(e))
end
testing.raises(futures.BrokenThreadPool, ex.submit, ex, get_status)
ex:shutdown()
testing.raises(futures.BrokenThreadPool, ex.submit, ex, get_status)
local text = testing.read(path)
testing.contains(text, "Exception in initializer:\nstack traceback:")
testing.contains(text, "ValueError: error in initializer\n")

testing.raises(exceptions.TypeError, "initializer must be a callable", futures.ThreadPoolExecutor, 1, "", 5)
testing.raises(exceptions.TypeError, "initargs: table expected", futures.ThreadPoolExecutor, 1, "", print, 5)
testing.raises(exceptions.TypeError, "cannot pass to another thread: initargs[2]: a coroutine", futures.ThreadPoolExecutor, 1, "",
  print, { 1, coroutine.create(print) })

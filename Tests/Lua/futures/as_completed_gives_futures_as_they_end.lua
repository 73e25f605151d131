local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"
local threading = require "threading"

local notified, failed, finished, pending, running =
  futures.Future(), futures.Future(), futures.Future(), futures.Future(), futures.Future()
notified:cancel()
notified:set_running_or_notify_cancel()
failed:set_exception(exceptions.OSError())
finished:set_result(42)
running:set_running_or_notify_cancel()

local function collect(...)
  local list = {}
  for f in futures.as_completed(...) do list[#list + 1] = f end
  return list
end

local ex <close> = futures.ThreadPoolExecutor(3)
local f1, f2 = ex:submit(math.max, 2, 21), ex:submit(math.max, 7, 6)
local seen = {}
for f in futures.as_completed { notified, failed, finished, f1, f2 } do
  assert(f:done() and not seen[f])
  seen[f] = true
end
testing.equal(seen, { [notified] = true, [failed] = true, [finished] = true, [f1] = true, [f2] = true })

-- In the order of their ends.
local gates, fs = {}, {}
for i = 1, 3 do
  gates[i] = threading.Event()
  fs[i] = ex:submit(function(gate, i) gate:wait() return i end, gates[i], i)
end
local order = {}
gates[3]:set()
local next_gate = { [3] = 1, [1] = 2 }
for f in futures.as_completed(fs) do
  local i = f:result()
  order[#order + 1] = i
  if next_gate[i] then gates[next_gate[i]]:set() end
end
testing.equal(order, { 3, 1, 2 })

-- A timeout is for all together; what has ended comes first.
local gate = threading.Event()
local blocked = ex:submit(function() gate:wait() end)
for _, timeout in ipairs { 0, 0.02 } do
  local got = {}
  testing.raises(futures.TimeoutError, "1 (of 4) futures unfinished", function()
    for f in futures.as_completed({ notified, failed, blocked, finished }, timeout) do got[#got + 1] = f end
  end)
  testing.equal(got, { notified, failed, finished })
end
testing.raises(futures.TimeoutError, "2 (of 4) futures unfinished", collect, { notified, pending, running, finished },
  { timeout = 0 })
gate:set()

-- Each once; from an iterator; keys of a table, as Python's users write it.
local n = 0
testing.equal(collect(function() n = n + 1 return n < 4 and blocked or nil end), { blocked })
local url_of = { [ex:submit(string.upper, "a")] = "a", [ex:submit(string.upper, "b")] = "b" }
local pages = {}
for f in futures.as_completed(url_of) do pages[url_of[f]] = f:result() end
testing.equal(pages, { a = "A", b = "B" })
testing.equal(collect {}, {})

-- It stays at its end.
local it = futures.as_completed { finished }
testing.equal({ it(), it(), it() }, { finished })
testing.raises(exceptions.TypeError, "Future expected, got string", futures.as_completed, { "x" })
testing.raises(exceptions.TypeError, "array or iterator expected, got Future", futures.as_completed, finished)

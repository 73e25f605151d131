local testing = require "testing"
local threading = require "threading"
local queue = require "queue"
local exceptions = require "exceptions"
local ShutDown = queue.ShutDown

-- Starts threads that wait for `go`, do what the functions do, and tell whether it worked ("done") or what it raised.
local function start(go, functions)
  local threads = {}
  for i, f in ipairs(functions) do
    threads[i] = threading.Thread {
      target = function()
        go:wait()
        local ok, e = pcall(f)
        return ok and "done" or tostring(e.class)
      end,
    }
    threads[i]:start()
  end
  return threads
end

local function outcomes(threads)
  local all = {}
  for i, thread in ipairs(threads) do all[i] = thread:result() end
  table.sort(all)
  return table.concat(all, " ")
end

local shut = "<class 'queue.ShutDown'>"

for _, class in ipairs { queue.Queue, queue.LifoQueue, queue.PriorityQueue } do
  -- Empty: both ends raise.
  local q = class()
  q:shutdown()
  testing.raises(ShutDown, q.put, q, "data")
  testing.raises(ShutDown, q.get, q)

  -- Not empty: what is there comes out first.
  q = class()
  q:put("data")
  q:shutdown()
  testing.equal({ q:get() }, { "data" })
  testing.raises(ShutDown, q.get, q)

  -- Immediate: what is there is gone.
  for _, immediately in ipairs { true, { immediate = true } } do
    q = class()
    q:put("data")
    q:shutdown(immediately)
    testing.raises(ShutDown, q.get, q)
    testing.equal({ q:qsize(), q.unfinished_tasks }, { 0, 0 })
  end

  -- Again, and harder; there is no way back.
  q = class()
  q:put(1)
  assert(not q.is_shutdown)
  q:shutdown()
  testing.equal({ q.is_shutdown, q:qsize() }, { true, 1 })
  q:shutdown(true)
  testing.equal({ q.is_shutdown, q:qsize() }, { true, 0 })
  q:shutdown(false)
  testing.raises(ShutDown, q.put_nowait, q, 1)
  testing.contains(q, "maxsize=0 qsize=0 shutdown>")

  -- All methods, in one thread.
  for _, immediate in ipairs { false, true } do
    q = class(2)
    q:put("L")
    q:put_nowait("O")
    q:shutdown(immediate)
    testing.raises(ShutDown, q.put, q, "E")
    testing.raises(ShutDown, q.put, q, "E", false)
    testing.raises(ShutDown, q.put, q, "E", true, -1)
    testing.raises(ShutDown, q.put_nowait, q, "W")
    testing.raises(ShutDown, q.put_many, q, { "W" })
    if immediate then
      testing.raises(exceptions.ValueError, q.task_done, q)
    else
      for _ = 1, 2 do
        q:get()
        q:task_done()
      end
    end
    q:join()
    testing.raises(ShutDown, q.get, q)
    testing.raises(ShutDown, q.get_nowait, q)
    testing.raises(ShutDown, q.get, q, true, 1.0)
    testing.raises(ShutDown, q.get, q, true, -1)
    testing.raises(ShutDown, q.get_many, q, 3)
    testing.equal(q:items()(), nil)
  end

  -- Threads on their way to get when the end comes: those for whom there is something get it.
  for _, immediate in ipairs { false, true } do
    q = class(2)
    q:put("Y")
    q:put("D")
    local go = threading.Event()
    local get = function() q:get() end
    local threads = start(go, { get, get, get })
    q:shutdown(immediate)
    go:set()
    testing.equal(outcomes(threads), (immediate and { shut .. " " .. shut .. " " .. shut } or { shut .. " done done" })[1])
  end

  -- Threads that wait in get or put when the end comes.
  for _, immediate in ipairs { false, true } do
    local go = threading.Event()
    local empty, full = class(), class(1)
    full:put("Y")
    local getters = start(go, { function() empty:get() end, function() empty:get(true, 60) end })
    local putters = start(go, { function() full:put("E") end, function() full:put("E", true, 60) end })
    go:set()
    empty:shutdown(immediate)
    full:shutdown(immediate)
    testing.equal(outcomes(getters), shut .. " " .. shut)
    testing.equal(outcomes(putters), shut .. " " .. shut)
    testing.equal(full:qsize(), immediate and 0 or 1)
  end

  -- join ends when all that was put is done, dropped items being that; not before.
  q = class()
  for i = 1, 3 do q:put(i) end
  q:get()
  local go = threading.Event()
  local threads = start(go, { function() q:join() end, function() q:join() end })
  go:set()
  q:shutdown(true)
  testing.equal({ q.unfinished_tasks, threads[1]:is_alive(), threads[2]:is_alive() }, { 1, true, true })
  q:task_done()
  testing.equal(outcomes(threads), "done done")

  q = class(2)
  q:put("Y")
  q:put("D")
  go = threading.Event()
  local function work() q:get() q:task_done() end
  threads = start(go, { work, work, function() q:join() end, function() q:join() end })
  go:set()
  q:shutdown()
  testing.equal(outcomes(threads), "done done done done")
end

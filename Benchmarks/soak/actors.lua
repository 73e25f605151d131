-- What the threads of the soak do. An actor does its work, then waits for the word of the director, unless its fate is to be
-- cancelled. Work must leave nothing behind, wherever a cancel hits it.
local soak, values = require "soak", require "values"
local threading, queue, futures, tasks = require "threading", require "queue", require "futures", require "tasks"
local weakref, gc, logging = require "weakref", require "gc", require "logging"

local actors = { kinds = {}, endless = {}, burning = {} }
local kinds, endless, burning = actors.kinds, actors.endless, actors.burning

-- Runs `f` and lets only errors of these classes pass.
local function tolerate(classes, f, ...)
  local results = table.pack(pcall(f, ...))
  if results[1] then return table.unpack(results, 2, results.n) end
  for _, class in ipairs(classes) do if class:is(results[2]) then return nil end end
  error(results[2], 0)
end

-- Whether a cancel may hit this actor: then it must not do what only an undisturbed end makes undone.
local function may_be_cancelled(ctx) return ctx.fate == "cancel" or ctx.fate == "early" end

function kinds.pass(ctx)
  local q = ctx.shared.queues[math.random(#ctx.shared.queues)]
  for _ = 1, math.random(1, 20) do
    if math.random() < 0.5 then
      tolerate({ queue.Full }, q.put, q, values.make(), true, 0.01)
    else
      local item = tolerate({ queue.Empty }, q.get, q, true, 0.01)
      if item ~= nil then values.check(item) end
    end
  end
end

function kinds.pipeline()
  local q, sum = queue.Queue(4), 0
  local n = math.random(1, 50)
  -- The producer must not wait for ever for a consumer that was cancelled.
  local guard <close> = setmetatable({}, { __close = function() q:shutdown(true) end })
  local producer = threading.Thread { target = function()
    tolerate({ queue.ShutDown }, function() for i = 1, n do q:put(i) end end)
    q:shutdown()
  end }
  producer:start()
  for item in q:items() do sum = sum + item end
  producer:join()
  if sum ~= n * (n + 1) // 2 then soak.fail("a pipeline lost items: " .. sum) end
  soak.count("messages", n)
end

function kinds.lock(ctx)
  local number = math.random(#ctx.shared.locks)
  local lock = ctx.shared.locks[number]
  for _ = 1, math.random(1, 10) do
    local held <close> = lock:hold()
    if not may_be_cancelled(ctx) then
      if soak.count("inside " .. number, 1) ~= 1 then soak.fail("two threads in one lock") end
      soak.count("inside " .. number, -1)
    end
  end
end

function kinds.condition(ctx)
  local condition = ctx.shared.condition
  for _ = 1, math.random(1, 5) do
    local held <close> = condition:hold()
    if math.random() < 0.5 then condition:wait(0.002) else condition:notify(math.random(1, 3)) end
  end
end

function kinds.semaphore(ctx)
  for _ = 1, math.random(1, 5) do
    local held <close> = ctx.shared.semaphore:hold()
    if math.random() < 0.2 then tasks.sleep(0.0005) end
  end
end

function kinds.barrier(ctx)
  local barrier = ctx.shared.barrier
  for _ = 1, 3 do tolerate({ threading.BrokenBarrierError }, barrier.wait, barrier, 0.003) end
  if barrier.broken then barrier:reset() end
end

function kinds.event(ctx)
  local event = ctx.shared.event
  for _ = 1, 5 do
    local what = math.random(3)
    if what == 1 then event:set() elseif what == 2 then event:clear() else event:wait(0.001) end
  end
end

function kinds.timer()
  local done = threading.Event()
  local timer = threading.Timer(math.random() * 0.003, function() done:set() end)
  timer:start()
  if math.random() < 0.5 then timer:cancel() end
  timer:join()
end

function kinds.futures(ctx)
  local pool <close> = futures.ThreadPoolExecutor(math.random(1, 3))
  local list = {}
  for i = 1, math.random(1, 10) do
    list[i] = pool:submit(function(n)
      if n % 4 == 0 then error("job " .. n, 0) end
      return n * n
    end, i)
  end
  if math.random() < 0.3 then list[#list]:cancel() end
  local done = futures.wait(list, 30)
  if #done ~= #list then soak.fail("a future is not done after 30 s") end
  for i, future in ipairs(list) do
    if not future:cancelled() then
      local e = future:exception()
      if (i % 4 == 0) ~= (e ~= nil) then soak.fail("future " .. i .. " has the wrong outcome") end
    end
  end
  local n = 0
  for square in pool:map(function(x) return x * x end, { 1, 2, 3 }) do n = n + square end
  if n ~= 14 then soak.fail("map gave " .. n) end
  soak.count("messages", #list + 3)
end

function kinds.tasks(ctx)
  local ran = queue.Queue()
  local runs = math.random(1, 3)
  local task <close> = setmetatable({
    tasks.every(0.001, function(task)
      ran:put(task.runs)
      if task.runs >= runs then task:cancel() end
    end, { overlap = math.random() < 0.3 and 2 or nil }),
  }, { __close = function(self) self[1]:cancel(true) end })
  for _ = 1, runs do ran:get() end
  task[1]:join()
  if may_be_cancelled(ctx) then return end
  local later = tasks.after(3600, function() end)
  later:cancel()
  later:join()
end

function kinds.parent(ctx)
  local children = {}
  for i = 1, math.random(1, 3) do
    local child = threading.Thread { target = function(n, item)
      values.check(item)
      if n == 2 then
        soak.count("expected", 1)
        error("child", 0)
      end
      return n
    end, args = { i, values.make() } }
    child:start()
    children[i] = child
  end
  for i, child in ipairs(children) do
    local ok, result = pcall(child.result, child, 30)
    if ok ~= (i ~= 2) or (ok and result ~= i) then soak.fail("child " .. i .. ": " .. tostring(result)) end
  end
end

local Worker = threading.Thread:subclass("Worker")
function Worker:init(n) self.n = n end
function Worker:run() self.square = self.n * self.n end

function kinds.subclass()
  local worker = Worker(math.random(100))
  worker:start()
  worker:join()
  if worker.square ~= worker.n * worker.n then soak.fail("a field did not come home") end
end

function kinds.garbage()
  local deaths = 0
  for _ = 1, 20 do
    local object = { soak.Token() }
    object.self = object
    weakref.finalize(object, function() deaths = deaths + 1 end)
  end
  gc.collect()
  gc.collect()
  if deaths ~= 20 then soak.fail(deaths .. " of 20 objects have died") end
end

function kinds.logging(ctx)
  if may_be_cancelled(ctx) then return end
  local log = logging.getLogger("soak." .. ctx.slot % 10)
  local serial = ctx.serial
  local filter = function(record) return record.levelno >= 30 or serial < 0 end
  log:addFilter(filter)
  for i = 1, 5 do log:warning("message %d of %d", i, serial, { slot = ctx.slot }) end
  log:removeFilter(filter)
end

function kinds.thread_local(ctx)
  local own = ctx.shared.own
  own.serial = ctx.serial
  local event = ctx.shared.event
  event:wait(0.0005)
  if own.serial ~= ctx.serial then soak.fail("a Local is not local") end
end

function kinds.pools(ctx)
  local _, result = pcall(function() return ctx.shared.executor:submit(function(n) return n + 1 end, ctx.serial):result(30) end)
  if result ~= ctx.serial + 1 and not may_be_cancelled(ctx) then soak.fail("the shared executor gave " .. tostring(result)) end
end

-- Work that only a cancel ends: loops, and waits.
function burning.busy() while true do end end
function burning.protected() while true do pcall(function() while true do end end) end end
function burning.coroutine() coroutine.wrap(function() while true do pcall(error) end end)() end
function burning.allocating() local t = {} while true do t = { t[1], tostring(#t) } end end
function endless.queue(ctx) ctx.shared.never.queue:get() end
function endless.full(ctx) ctx.shared.never.full:put(1) end
function endless.event(ctx) ctx.shared.never.event:wait() end
function endless.lock(ctx) ctx.shared.never.lock:acquire() end
function endless.semaphore(ctx) ctx.shared.never.semaphore:acquire() end
function endless.barrier() threading.Barrier(2):wait() end
function endless.condition()
  local condition <close> = threading.Condition():hold()
  local inner = threading.Condition()
  inner:acquire()
  inner:wait()
end
function endless.future(ctx) ctx.shared.never.future:result() end
function endless.sleep() tasks.sleep(3600) end
function endless.join(ctx)
  local child = threading.Thread { target = function(event) event:wait(0.005) end, args = { ctx.shared.never.event } }
  child:start()
  child:join()
  ctx.shared.never.event:wait()
end

function actors.names(list)
  local names = {}
  for name in pairs(list) do names[#names + 1] = name end
  table.sort(names)
  return names
end

-- The target of every thread.
function actors.run(ctx)
  math.randomseed(ctx.seed, ctx.serial)
  local work = kinds[ctx.kind] or endless[ctx.kind] or burning[ctx.kind]
  work(ctx)
  if ctx.fate == "free" then return ctx.serial end
  local word = ctx.inbox:get()
  if word == "fail" then
    soak.count("expected", 1)
    values.errors[ctx.error].raise(ctx.serial)
  end
  return ctx.serial, word
end

return actors

-- The soak: 200 threads that start, pass, cancel and fail at random, for a number of seconds. What each thread is to do
-- follows from the seed alone; what it did is checked. At rest points everything has ended, and a sample is taken.
local seconds, seed = tonumber(arg[1]), math.tointeger(arg[2])
local soak, actors, values = require "soak", require "actors", require "values"
local threading, queue, futures = require "threading", require "queue", require "futures"
local tasks, gc, logging, exceptions = require "tasks", require "gc", require "logging", require "exceptions"

local slot_count, patience = 200, 60
math.randomseed(seed, 0)
logging.basicConfig { level = "CRITICAL" }
threading.excepthook = function() require "soak".count("reported", 1) end

local never = {
  queue = queue.Queue(), full = queue.Queue(1), event = threading.Event(), lock = threading.Lock(),
  semaphore = threading.Semaphore(0), future = futures.Future(),
}
never.full:put(0)
never.lock:acquire()
local shared = {
  queues = { queue.Queue(50), queue.LifoQueue(50), queue.SimpleQueue() },
  locks = { threading.Lock(), threading.RLock() },
  condition = threading.Condition(), semaphore = threading.BoundedSemaphore(4), barrier = threading.Barrier(3),
  event = threading.Event(), own = threading.Local(), executor = futures.ThreadPoolExecutor(4), never = never,
}

local kinds, endless, burning = actors.names(actors.kinds), actors.names(actors.endless), actors.names(actors.burning)
local slots, serial = {}, 0
local counts = { threads = 0, finished = 0, failed = 0, cancelled = 0 }

local function plan(slot)
  serial = serial + 1
  local ctx = { slot = slot, serial = serial, seed = seed, inbox = queue.Queue(), shared = shared }
  local fate = math.random()
  ctx.fate = fate < 0.3 and "end" or fate < 0.4 and "free" or fate < 0.6 and "fail" or fate < 0.9 and "cancel" or "early"
  ctx.error = math.random(#values.errors)
  local list, chance = kinds, math.random()
  -- Few burn processor time until they are cancelled: the others want to get somewhere.
  if ctx.fate == "cancel" or ctx.fate == "early" then list = chance < 0.05 and burning or chance < 0.5 and endless or kinds end
  ctx.kind = list[math.random(#list)]
  return ctx
end

local function start(slot)
  local ctx = plan(slot)
  local thread = threading.Thread { target = actors.run, args = { ctx }, name = ctx.kind .. "-" .. ctx.serial }
  thread:start()
  counts.threads = counts.threads + 1
  if ctx.fate == "early" then thread:cancel() end
  slots[slot] = { ctx = ctx, thread = thread }
end

local function describe(ctx, thread)
  return ("thread %s (seed %d, serial %d, fate %s) is %s"):format(ctx.kind, seed, ctx.serial, ctx.fate, tostring(thread))
end

-- Brings the thread of a slot to the end that its plan has for it, and checks that end.
local function finish(slot)
  local ctx, thread = slots[slot].ctx, slots[slot].thread
  slots[slot] = nil
  if ctx.fate == "end" or ctx.fate == "fail" then ctx.inbox:put(ctx.fate) end
  if ctx.fate == "cancel" then thread:cancel() end
  thread:join(patience)
  local state = thread.state
  local expected = ({ ["end"] = "finished", free = "finished", fail = "failed" })[ctx.fate] or "cancelled"
  counts[state] = (counts[state] or 0) + 1
  if state ~= expected then
    local _, problem = pcall(thread.result, thread, 0)
    return soak.fail(describe(ctx, thread) .. ", to be " .. expected .. ": " .. tostring(problem))
  end
  local ok, result = pcall(thread.result, thread)
  if expected == "finished" and result ~= ctx.serial then soak.fail(describe(ctx, thread) .. " with " .. tostring(result)) end
  if expected == "failed" and not values.errors[ctx.error].check(result, ctx.serial) then
    soak.fail(describe(ctx, thread) .. " with " .. tostring(result))
  end
  if expected == "cancelled" and not threading.CancelledError:is(result) then soak.fail(describe(ctx, thread)) end
end

-- Waits until a condition holds, or some time has passed.
local function settle(condition, limit)
  local start = os.time()
  while not condition() and os.time() - start < limit do tasks.sleep(0.01) end
  return condition()
end

local function rest()
  for slot = 1, slot_count do if slots[slot] then finish(slot) end end
  -- Children and tasks of threads that were cancelled end by themselves.
  if not settle(function() return threading.active_count() <= 1 + 4 and #tasks.list() == 0 end, 30) then
    local names = {}
    for _, thread in ipairs(threading.enumerate()) do names[#names + 1] = tostring(thread) end
    soak.fail("left at rest: " .. table.concat(names, ", ") .. ", tasks: " .. #tasks.list())
  end
  for _, q in ipairs(shared.queues) do while not q:empty() do values.check(q:get_nowait()) end end
  if shared.barrier.broken or shared.barrier.n_waiting > 0 then shared.barrier:reset() end
  gc.collect()
  settle(function() return soak.interpreters() <= 1 + 4 + 4 end, 30)
  for number, lock in ipairs(shared.locks) do
    if not lock:acquire(true, 10) then soak.fail("lock " .. number .. " is left locked: " .. tostring(lock)) else lock:release() end
  end
  if not shared.condition:acquire(true, 10) then soak.fail("the condition is left locked") else shared.condition:release() end
  for _ = 1, 4 do
    if not shared.semaphore:acquire(true, 10) then soak.fail("a permit is lost: " .. tostring(shared.semaphore)) break end
  end
  while pcall(shared.semaphore.release, shared.semaphore) do end
  if soak.counter("expected") ~= soak.counter("reported") then
    soak.fail(("%d threads failed, %d were reported"):format(soak.counter("expected"), soak.counter("reported")))
  end
  gc.collect()
  soak.sample()
end

local function report()
  soak.progress(("%d threads (%d finished, %d failed, %d cancelled), %d messages"):format(
    counts.threads, counts.finished, counts.failed, counts.cancelled, soak.counter("messages")))
end

local begun = os.time()
local last_rest, between, rests = begun, math.max(1, seconds / 20), 0
while os.time() - begun < seconds or rests < 6 do
  for slot = 1, slot_count do
    if slots[slot] then finish(slot) end
    start(slot)
  end
  report()
  if os.time() - last_rest >= between or os.time() - begun >= seconds then
    rest()
    rests = rests + 1
    last_rest = os.time()
  end
end
report()
shared.executor:shutdown()

local testing = require "testing"
local futures = require "futures"
local threading = require "threading"
local queue = require "queue"
local gc = require "gc"

-- One worker, which waits in its first job: what follows is pending.
local function pool()
  local ex, gate, began, log = futures.ThreadPoolExecutor(1), threading.Event(), threading.Event(), queue.Queue()
  local first = ex:submit(function() began:set() gate:wait() end)
  began:wait()
  local function finish()
    gate:set()
    first:result()
    ex:shutdown()
    local seen = {}
    while not log:empty() do seen[#seen + 1] = log:get() end
    return seen
  end
  return ex, function(x) log:put(x) return x end, finish
end

-- A timeout cancels the one that it waited for, too.
local ex, note, finish = pool()
local it = ex:map(note, { "second", "third" }, { timeout = 0 })
testing.raises(futures.TimeoutError, it)
testing.equal(it(), nil)
testing.equal(finish(), {})

-- A loop that is left by break.
local ex = futures.ThreadPoolExecutor(1)
local gate, log = threading.Event(), queue.Queue()
local function slow(x)
  if x > 1 then gate:wait() end
  log:put(x)
  return x
end
for x in ex:map(slow, { 1, 2, 3, 4, 5 }) do
  testing.equal(x, 1)
  break
end
gate:set()
ex:shutdown()
assert(log:qsize() <= 2, "what was pending has run: " .. log:qsize())

-- An error at its place.
ex, note, finish = pool()
it = ex:map(function(x) error("first", 0) end, { 1 })
local rest = ex:map(note, { 2, 3 })
testing.equal(finish(), { 2, 3 })

-- close cancels once the iteration has begun; before, the work is wanted.
ex, note, finish = pool()
local unread <close> = ex:map(note, { 1, 2 })
unread:close()
testing.equal(finish(), { 1, 2 })

-- Forgetting a half-read iterator cancels; forgetting an unread one does not.
ex, note, finish = pool()
it = ex:map(note, { 1, 2, 3 }, { timeout = 0 })
pcall(it)
it = nil
ex:map(note, { 4 })
gc.collect()
testing.equal(finish(), { 4 })

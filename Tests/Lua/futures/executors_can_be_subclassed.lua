local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"
local threading = require "threading"

-- A pool that lets no more than a number of jobs wait.
local Bounded = futures.ThreadPoolExecutor:subclass("Bounded")
function Bounded:init(max_workers, bound)
  Bounded.super.init(self, max_workers)
  self.slots = threading.Semaphore(bound)
  self.submitted = 0
end
function Bounded:submit(fn, ...)
  self.slots:acquire()
  self.submitted = self.submitted + 1
  local future = Bounded.super.submit(self, fn, ...)
  local slots = self.slots
  future:add_done_callback(function() slots:release() end)
  return future
end

local ex = Bounded(2, 3)
assert(Bounded:is(ex) and futures.ThreadPoolExecutor:is(ex) and futures.Executor:is(ex))
for i = 1, 20 do testing.equal(ex:submit(math.abs, -i):result(), i) end
local got = {}
for x in ex:map(math.abs, { -1, -2, -3, -4, -5 }) do got[#got + 1] = x end
testing.equal(got, { 1, 2, 3, 4, 5 })
testing.equal(ex.submitted, 25)
ex:shutdown()

-- Without super.init the defaults hold.
local Lazy = futures.ThreadPoolExecutor:subclass("Lazy")
function Lazy:init() self.lazy = true end
local lazy <close> = Lazy()
testing.equal(lazy:submit(math.abs, -1):result(), 1)

-- An executor of one's own has map and the to-be-closed variable from its class.
local Inline = futures.Executor:subclass("Inline")
function Inline:submit(fn, ...)
  local future = futures.Future()
  future:set_running_or_notify_cancel()
  local results = table.pack(pcall(fn, ...))
  if results[1] then future:set_result(table.unpack(results, 2, results.n)) else future:set_exception(results[2]) end
  return future
end
local closed = 0
function Inline:shutdown() closed = closed + 1 end
do
  local inline <close> = Inline()
  local calls = 0
  local results = {}
  for x in inline:map(function(x) calls = calls + 1 return x * 2 end, { 1, 2, 3 }) do results[#results + 1] = x end
  testing.equal({ calls, results }, { 3, { 2, 4, 6 } })
  local f = inline:submit(error, "inline", 0)
  testing.equal(f:exception(), "inline")
end
testing.equal(closed, 1)
local abstract = futures.Executor()
testing.raises(exceptions.NotImplementedError, abstract.submit, abstract, print)
testing.raises(exceptions.RuntimeError, "initialized", ex.init, ex)

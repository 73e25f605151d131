-- What a handler could not deliver is tried again, then goes to another handler, or its loss is counted and said.
local logging = require "logging"
local testing = require "testing"
local log = logging.getLogger("retry")
log.propagate = false
log:setLevel("DEBUG")

local Flaky = logging.Handler:subclass("Flaky")
function Flaky:init(failures, options)
  Flaky.super.init(self, options)
  self.failures, self.attempts, self.seen = failures, 0, {}
end
function Flaky:emit(record)
  self.attempts = self.attempts + 1
  if self.attempts <= self.failures then error("no connection", 0) end
  self.seen[#self.seen + 1] = record:getMessage()
end
local Keeping = logging.Handler:subclass("Keeping")
function Keeping:init() Keeping.super.init(self); self.seen = {} end
function Keeping:emit(record) self.seen[#self.seen + 1] = self:format(record) end

local function run(handler, count)
  log:addHandler(handler)
  for i = 1, count do log:info("%d", i) end
  handler:flush()
  log:removeHandler(handler)
  return handler:stats()
end

-- Tried again until it passes: nothing is lost, doubled or out of order.
local flaky = Flaky(4, { retry = { initial = 0.001, max = 0.002 } })
local stats = run(flaky, 3)
testing.equal(flaky.seen, { "1", "2", "3" })
testing.equal({ stats.delivered, stats.failed, stats.retried, stats.queued }, { 3, 0, 4, 0 })
testing.equal(stats.class, "Flaky")

-- Given up after so many attempts: the fallback takes it, formatted in its own way.
local keeping = Keeping()
keeping:setName("spare")
keeping:setFormatter(logging.Formatter("spare %(message)s"))
flaky = Flaky(2, { retry = { attempts = 2, initial = 0 }, fallback = "spare" })
stats = run(flaky, 3)
testing.equal(flaky.seen, { "2", "3" })
testing.equal(keeping.seen, { "spare 1" })
testing.equal({ stats.handled, stats.delivered, stats.failed, stats.diverted }, { 3, 2, 1, 1 })

-- Without retry what fails goes there at once; a handler object serves as well as a name.
keeping = Keeping()
flaky = Flaky(1, { fallback = keeping })
run(flaky, 2)
testing.equal(flaky.seen, { "2" })
testing.equal(keeping.seen, { "1" })

-- Without a fallback the loss is reported, as that of any handler.
flaky = Flaky(1, { async = true })
flaky:setName("alone")
stats = run(flaky, 2)
testing.equal({ stats.delivered, stats.failed }, { 1, 1 })

-- stats() has the counts of all handlers by name, or else by class.
log:addHandler(flaky)
local second = Keeping()
log:addHandler(second)
second:addFilter(function(record) return record.msg ~= "no" end)
log:info("yes")
log:info("no")
flaky:flush()
local all = logging.stats()
testing.equal(all.alone.delivered, 3)
testing.equal(all.alone.name, "alone")
testing.equal({ second:stats().delivered, second:stats().filtered }, { 1, 1 })
assert(all.spare and all.Keeping, "handlers with and without a name")
log:removeHandler(flaky)
log:removeHandler(second)

-- In configurations the fallback is named.
local path = os.tmpname()
require("logging.config").dictConfig {
  version = 1,
  handlers = {
    full = { class = "logging.FileHandler", filename = "/dev/full", retry = { attempts = 2, initial = 0.001 }, fallback = "file" },
    file = { class = "logging.FileHandler", filename = path },
  },
  root = { level = "INFO", handlers = { "full" } },
}
for i = 1, 5 do logging.info("%d", i) end
logging.getHandlerByName("full"):flush()
testing.equal(testing.read(path), "1\n2\n3\n4\n5\n")
testing.equal(logging.stats().full.diverted, 5)
os.remove(path)

-- Circles and unknown names are refused.
local function refused(text, entries)
  testing.raises(text, require("logging.config").dictConfig, { version = 1, handlers = entries })
end
refused("handlers.a.fallback: no handler named \"mial\" (did you mean \"mail\"?)",
  { a = { class = "logging.NullHandler", fallback = "mial" }, mail = { class = "logging.NullHandler" } })
refused("a handler cannot be its own fallback", {
  a = { class = "logging.NullHandler", fallback = "b" }, b = { class = "logging.NullHandler", fallback = "a" },
})
refused("handlers.a.retry.factor: must be at least 1, got 0.5",
  { a = { class = "logging.NullHandler", retry = { factor = 0.5 } } })
testing.raises("no handler named \"nobody\"", function() logging.StreamHandler { fallback = "nobody" } end)

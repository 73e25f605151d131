-- Filters that hold back what comes too often, and say how much that was.
local logging = require "logging"
local testing = require "testing"
local queue = require "queue"
local log = logging.getLogger("limit")
log.propagate = false
log:setLevel("DEBUG")

local Keeping = logging.Handler:subclass("Keeping")
function Keeping:init() Keeping.super.init(self); self.seen = {}; self.queue = queue.Queue() end
function Keeping:emit(record)
  self.seen[#self.seen + 1] = self:format(record)
  self.queue:put(self:format(record))
end
local function with(filter, body)
  local handler = Keeping()
  handler:addFilter(filter)
  log:addHandler(handler)
  body(handler)
  handler:flush()
  log:removeHandler(handler)
  return handler.seen
end

-- DuplicateFilter: the summary comes before the next record that differs ...
testing.equal(with(logging.DuplicateFilter { interval = 3600 }, function()
  log:info("start")
  for _ = 1, 38 do log:info("again") end
  log:info("other")
  for _ = 1, 2 do log:info("pair") end
end), { "start", "again", "last message repeated 37 times", "other", "pair", "last message repeated 1 time" })

-- ... or when its time is up, although no record follows.
with(logging.DuplicateFilter { interval = 0.01 }, function(handler)
  log:warning("lonely")
  log:warning("lonely")
  log:warning("lonely")
  testing.equal(handler.queue:get(), "lonely")
  local repeated = 0
  while repeated < 2 do
    repeated = repeated + tonumber(handler.queue:get():match("^last message repeated (%d+) times?$"))
  end
  testing.equal(repeated, 2)
end)

-- Arguments, level, logger and fields make a difference.
testing.equal(with(logging.DuplicateFilter(), function()
  log:info("n %d", 1)
  log:info("n %d", 2)
  log:warning("n %d", 2)
  log:info("f", { a = 1 })
  log:info("f", { a = 2 })
end), { "n 1", "n 2", "n 2", "f", "f" })

-- RateLimitFilter: each message has its own allowance; what was held back is said.
testing.equal(with(logging.RateLimitFilter { rate = 0.001, burst = 2, interval = 3600 }, function()
  for i = 1, 5 do
    log:info("item %d", i)
    log:info("other %d", i)
  end
end), {
  "item 1", "other 1", "item 2", "other 2",
  "3 records suppressed that came too often: item %d", "3 records suppressed that came too often: other %d",
})
testing.equal(with(logging.RateLimitFilter { rate = 0.001, burst = 3, key = "all", interval = 3600 }, function()
  for i = 1, 2 do
    log:info("item %d", i)
    log:info("other %d", i)
  end
end), { "item 1", "other 1", "item 2", "1 record suppressed that came too often" })
with(logging.RateLimitFilter { rate = 0.001, burst = 1, interval = 0.01 }, function(handler)
  log:info("x")
  log:info("x")
  testing.equal(handler.queue:get(), "x")
  testing.equal(handler.queue:get(), "1 record suppressed that came too often: x")
end)
testing.raises("rate must be more than 0, got 0", function() logging.RateLimitFilter { rate = 0 } end)
testing.raises("unknown key \"tmplate\"; known are \"template\", \"logger\", \"call_site\", \"all\"",
  function() logging.RateLimitFilter { rate = 1, key = "tmplate" } end)

-- SamplingFilter: the same records with the same seed; severe ones if so asked.
local function sample(seed)
  return with(logging.SamplingFilter { rate = 0.25, seed = seed, level = "ERROR" }, function()
    for i = 1, 400 do log:info("%d", i) end
    log:error("always")
  end)
end
local first = sample(7)
testing.equal(sample(7), first)
assert(#first > 60 and #first < 140 and first[#first] == "always", #first)
assert(table.concat(sample(8), ",") ~= table.concat(first, ","))
testing.equal(with(logging.SamplingFilter(0), function() log:info("x") end), {})
testing.equal(with(logging.SamplingFilter(1), function() log:info("x") end), { "x" })
testing.raises("rate must be between 0 and 1, got 1.5", function() logging.SamplingFilter(1.5) end)

-- On a logger the summary meets all handlers, once each; one filter may serve several places.
local left, right = Keeping(), Keeping()
local duplicates = logging.DuplicateFilter { interval = 3600 }
log:addHandler(left)
log:addHandler(right)
log:addFilter(duplicates)
for _ = 1, 3 do log:info("m") end
duplicates:flush()
log:removeFilter(duplicates)
testing.equal(left.seen, { "m", "last message repeated 2 times" })
testing.equal(right.seen, left.seen)
left:addFilter(duplicates)
right:addFilter(duplicates)
for _ = 1, 3 do log:info("k") end
left:flush()
testing.equal({ left.seen[3], left.seen[4] }, { "k", "last message repeated 2 times" })
right:flush()
testing.equal({ right.seen[3], right.seen[4] }, { "k", "last message repeated 2 times" })
log:removeHandler(left)
log:removeHandler(right)

-- In configurations; what is pending when the program ends is said.
require("logging.config").dictConfig {
  version = 1,
  filters = {
    limit = { ["()"] = "logging.RateLimitFilter", rate = 0.001, burst = 1, interval = 3600 },
    same = { class = "DuplicateFilter", interval = 3600 },
    some = { ["()"] = "SamplingFilter", rate = 1.0, seed = 1 },
  },
  handlers = {
    out = { class = "logging.StreamHandler", stream = "ext://sys.stdout", filters = { "some", "limit" }, async = true },
  },
  root = { level = "INFO", handlers = { "out" } },
}
for i = 1, 3 do logging.info("n %d", i) end
testing.raises("filters.limit: missing \"rate\"", require("logging.config").dictConfig,
  { version = 1, filters = { limit = { ["()"] = "logging.RateLimitFilter" } } })

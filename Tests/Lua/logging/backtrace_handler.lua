-- BacktraceHandler keeps the last unimportant records and hands them on when an error comes.
local logging = require "logging"
local handlers = require "logging.handlers"
local testing = require "testing"
local log = logging.getLogger("backtrace")
log.propagate = false
log:setLevel("DEBUG")

local Keeping = logging.Handler:subclass("Keeping")
function Keeping:init() Keeping.super.init(self); self.seen = {} end
function Keeping:emit(record) self.seen[#self.seen + 1] = record.levelname .. " " .. self:format(record) end

local target = Keeping()
local ring = handlers.BacktraceHandler(3, target)
log:addHandler(ring)
for i = 1, 5 do log:debug("step %d", i) end
log:info("seen at once")
testing.equal(target.seen, { "INFO seen at once" })
testing.equal(#ring.buffer, 3)
testing.equal(ring.buffer[1]:getMessage(), "step 3")
log:error("broken")
testing.equal(target.seen,
  { "INFO seen at once", "DEBUG step 3", "DEBUG step 4", "DEBUG step 5", "ERROR broken" })
log:error("again")
testing.equal(#target.seen, 6, "what was written is not written again")
log:debug("later")
ring:writeBacktrace()
testing.equal(target.seen[7], "DEBUG later")
log:debug("forgotten")
ring:close()
log:error("after")
testing.equal(target.seen[8], "ERROR after")
log:removeHandler(ring)

-- Levels can be chosen; the target's own level counts.
target = Keeping()
target:setLevel("INFO")
ring = handlers.BacktraceHandler { capacity = 10, target = target, below = "WARNING", flushLevel = "CRITICAL" }
testing.equal({ ring.capacity, ring.below, ring.flushLevel, ring.target == target }, { 10, 30, 50, true })
log:addHandler(ring)
log:debug("too fine for the target")
log:info("kept")
log:error("at once")
log:critical("all")
testing.equal(target.seen, { "ERROR at once", "INFO kept", "CRITICAL all" })
log:removeHandler(ring)

-- In configurations the target is named; the ring may be asynchronous as any handler.
require("logging.config").dictConfig {
  version = 1,
  handlers = {
    out = { class = "logging.StreamHandler", stream = "ext://sys.stdout" },
    ring = { class = "logging.handlers.BacktraceHandler", capacity = 2, target = "out", async = true },
  },
  root = { level = "DEBUG", handlers = { "ring" } },
}
for i = 1, 4 do logging.debug("d%d", i) end
logging.error("e")

local testing = require "testing"
local logging = require "logging"
local handlers = require "logging.handlers"

local target = logging.StreamHandler(io.stderr)
target:setFormatter(logging.Formatter("%(levelname)s %(message)s"))
local memory = handlers.MemoryHandler { capacity = 4, flushLevel = "ERROR", target = target }
testing.equal({ memory.capacity, memory.flushLevel, memory.target, memory.flushOnClose }, { 4, 40, target, true })
local log = logging.getLogger("memory")
log.propagate = false
log:setLevel "DEBUG"
log:addHandler(memory)

-- A severe one brings out what was before it.
log:info("one")
log:info("two")
testing.equal({ #memory.buffer, memory.buffer[2].message }, { 2, "two" })
log:error("three")
testing.equal(#memory.buffer, 0)

-- So does a full buffer.
for i = 1, 5 do log:debug("fill %d", i) end
testing.equal(#memory.buffer, 1)
memory:flush()
testing.equal(#memory.buffer, 0)

-- Without a target records stay until there is one.
memory:setTarget(nil)
log:error("kept")
testing.equal({ #memory.buffer, memory.target }, { 1, nil })
memory:setTarget(target)
log:critical("all at once")
log:info("left over")
memory:close() -- flushOnClose
log:info("closed: no target any more")

local quiet = handlers.MemoryHandler(10, logging.CRITICAL, target, false)
log:addHandler(quiet)
log:info("never shown")
quiet:close()
log:removeHandler(quiet)
log:removeHandler(memory)

-- A buffer of a script's own.
local Counting = handlers.BufferingHandler:subclass("Counting")
function Counting:emit(record)
  self.seen = (self.seen or 0) + 1
end
local counting = Counting(2)
log:addHandler(counting)
for _ = 1, 3 do log:info("x") end
testing.equal(counting.seen, 3)
log:removeHandler(counting)

logging.config.dictConfig {
  version = 1,
  formatters = { short = { format = "config %(message)s" } },
  handlers = {
    out = { class = "logging.StreamHandler", stream = "ext://sys.stderr", formatter = "short" },
    memory = { class = "logging.handlers.MemoryHandler", capacity = 100, flushLevel = "WARNING", target = "out" },
  },
  root = { handlers = { "memory" }, level = "DEBUG" },
}
logging.debug("first")
logging.warning("second")
testing.raises('handlers.m.target: expected the name of a handler', logging.config.dictConfig,
  { version = 1, handlers = { m = { class = "logging.handlers.MemoryHandler", capacity = 1, target = 3 } } })

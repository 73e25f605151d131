-- Listeners: how they are made, subclassed, and named in a configuration.
local logging = require "logging"
local handlers = require "logging.handlers"
local config = require "logging.config"
local queue = require "queue"
local testing = require "testing"
local exceptions = require "exceptions"

local Keeping = logging.Handler:subclass("Keeping")
function Keeping:init(level)
  Keeping.super.init(self, level)
  self.lines = {}
end
function Keeping:emit(record) self.lines[#self.lines + 1] = record:getMessage() end

local function log(q, ...)
  local logger = logging.Logger("l")
  logger:addHandler(handlers.QueueHandler(q))
  logger:warning(...)
end

-- Python's `*handlers`, an array of them, or one table of names.
local q, a, b = queue.Queue(), Keeping(), Keeping("ERROR")
local listener = handlers.QueueListener(q, a, b, { respect_handler_level = true })
testing.equal(#listener.handlers, 2)
testing.equal(listener.respect_handler_level, true)
testing.equal(#handlers.QueueListener(q, { a, b }).handlers, 2)
testing.equal(#handlers.QueueListener { queue = q, handlers = { a } }.handlers, 1)
testing.raises(exceptions.TypeError, "unexpected named argument 'handler'",
  function() handlers.QueueListener { queue = q, handler = { a } } end)

do
  local running <close> = listener
  running:start()
  testing.equal(tostring(running), "<QueueListener handlers=2 started>")
  testing.raises(exceptions.RuntimeError, "Listener already started", function() running:start() end)
  log(q, "one of %d", 2)
end
testing.equal(a.lines[1], "one of 2")
testing.equal(#b.lines, 0)
listener:stop()

-- A subclass handles and prepares in its own way.
local Marking = handlers.QueueListener:subclass("Marking")
function Marking:prepare(record)
  record.msg = "<" .. record.msg .. ">"
  return record
end
function Marking:handle(record)
  record.msg = record.msg .. self.mark
  Marking.super.handle(self, record)
end
local marking = Marking(q, a)
marking.mark = "!"
marking:start()
log(q, "two")
marking:stop()
testing.equal(a.lines[2], "<two>!")

-- In a configuration: what makes the queue, and what makes the listener.
local function apply(keys)
  keys.class, keys.handlers = "logging.handlers.QueueHandler", { "keep" }
  config.dictConfig {
    version = 1,
    handlers = { keep = { class = Keeping }, q = keys },
    root = { level = "INFO", handlers = { "q" } },
  }
  return logging.getHandlerByName("q")
end
testing.contains(tostring(apply {}.queue), "<queue.Queue maxsize=0")
testing.contains(tostring(apply { queue = { ["()"] = "queue.Queue", maxsize = 10 } }.queue), "maxsize=10")
testing.contains(tostring(apply { queue = "queue.SimpleQueue" }.queue), "SimpleQueue")
testing.equal(apply { queue = q }.queue == q, true)
testing.equal(apply { queue = function() return q end }.queue == q, true)
testing.contains(tostring(apply { queue = { ["()"] = queue.Queue, maxsize = 3 } }.queue), "maxsize=3")
for _, keys in ipairs { {}, { listener = "logging.handlers.QueueListener" }, { listener = handlers.QueueListener },
  { listener = { ["()"] = handlers.QueueListener } }, { respect_handler_level = true } } do
  local handler = apply(keys)
  handler.listener:start()
  logging.info("through")
  handler.listener:stop()
  testing.equal(logging.getHandlerByName("keep").lines[1], "through")
  testing.equal(handler.listener.respect_handler_level, keys.respect_handler_level == true)
end
Marking.mark = "?"
local handler = apply { listener = Marking }
handler.listener:start()
logging.info("through")
handler.listener:stop()
testing.equal(logging.getHandlerByName("keep").lines[1], "<through>?")

for keys, problem in pairs {
  [{ queue = 42 }] = "handlers.q: queue: expected a queue, or what makes one",
  [{ queue = "queue.Stack" }] = "queue: unknown class \"queue.Stack\"",
  [{ queue = { ["()"] = "queue.Queue", size = 3 } }] = "takes no arguments but maxsize",
  [{ queue = function() return 7 end }] = "the factory must return a queue",
  [{ listener = 42 }] = "handlers.q: listener: expected QueueListener",
  [{ listener = function() return 7 end }] = "the factory must return a QueueListener",
} do
  testing.raises(exceptions.ValueError, problem, apply, keys)
end

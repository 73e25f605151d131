local testing = require "testing"
local logging = require "logging"
local handlers = require "logging.handlers"
local queue = require "queue"
local exceptions = require "exceptions"

local out = logging.StreamHandler(io.stderr)
out:setFormatter(logging.Formatter("%(levelname)s %(name)s %(lineno)d %(message)s"))
local q = queue.Queue()
local handler = handlers.QueueHandler(q)
testing.equal(handler.queue, q)
local log = logging.getLogger("queued")
log.propagate = false
log:addHandler(handler)

-- The record crosses with its text made.
log:warning("took %d ms", 5, { order = 7 })
log:exception("failed", { exc_info = "boom" })
testing.equal(q:qsize(), 2)
local record = q:get()
testing.equal({ record.message, record.msg, record.order, record.levelname }, { "took 5 ms", "took 5 ms", 7, "WARNING" })
testing.equal(record.args, nil)
testing.equal(q:get().message, "failed\nboom")
q:task_done()
q:task_done()

-- The listener works on a thread of its own, in order, and stops after what is in the queue.
local listener = handlers.QueueListener { queue = q, handlers = { out } }
listener:start()
testing.raises(exceptions.RuntimeError, "Listener already started", listener.start, listener)
for i = 1, 3 do log:warning("record %d", i) end
listener:stop()
listener:stop()
testing.equal(q:qsize(), 0)
q:join()

-- Levels of handlers count only if asked for; a <close> variable stops.
out:setLevel "ERROR"
do
  local careless <close> = handlers.QueueListener(q, { out })
  careless:start()
  log:warning("below the handler's level, shown")
end
do
  local careful <close> = handlers.QueueListener { queue = q, handlers = { out }, respect_handler_level = true }
  careful:start()
  log:warning("below the handler's level, not shown")
  log:error("shown")
end
testing.equal(listener.respect_handler_level, false)
testing.equal(listener.handlers[1], out)

-- A full queue loses the record and says so.
local small = queue.Queue(1)
local full = handlers.QueueHandler(small)
log:removeHandler(handler)
log:addHandler(full)
log:warning("first")
logging.raiseExceptions = false
log:warning("lost")
logging.raiseExceptions = true
testing.equal(small:qsize(), 1)
log:removeHandler(full)

-- A configuration makes both; the listener is to be started.
out:setLevel "NOTSET"
logging.config.dictConfig {
  version = 1,
  formatters = { f = { format = "config %(message)s" } },
  handlers = {
    out = { class = "logging.StreamHandler", stream = "ext://sys.stderr", formatter = "f" },
    queue = { class = "logging.handlers.QueueHandler", handlers = { "out" }, queue = { ["()"] = "queue.Queue", maxsize = 9 } },
  },
  root = { handlers = { "queue" } },
}
local configured = logging.getHandlerByName("queue")
testing.equal(configured.queue.maxsize, 9)
configured.listener:start()
logging.warning("through the queue")
configured.listener:stop()
testing.raises("handlers.queue: queue: expected a queue", logging.config.dictConfig,
  { version = 1, handlers = { queue = { class = "logging.handlers.QueueHandler", queue = 3 } } })

-- Any handler can have a queue and a thread of its own: callers filter and format, the thread delivers.
local logging = require "logging"
local handlers = require "logging.handlers"
local testing = require "testing"
local log = logging.getLogger("async")
log.propagate = false
log:setLevel("DEBUG")

local function lines(path)
  local _, count = testing.read(path):gsub("\n", "")
  return count
end

-- Every class of ours takes the argument; flush waits for what was logged before.
for make, label in pairs {
  [function(path) return logging.FileHandler { filename = path, async = true } end] = "FileHandler",
  [function(path) return handlers.WatchedFileHandler { filename = path, async = true } end] = "WatchedFileHandler",
  [function(path)
    return handlers.RotatingFileHandler { filename = path, maxBytes = 1e6 // 1 | 0, backupCount = 1, async = { capacity = 10 } }
  end] = "RotatingFileHandler",
  [function(path) return handlers.TimedRotatingFileHandler { filename = path, async = { batch = 7 } } end] =
    "TimedRotatingFileHandler",
} do
  local path = os.tmpname()
  local handler = make(path)
  handler:setFormatter(logging.Formatter("%(name)s %(message)s"))
  log:addHandler(handler)
  for i = 1, 100 do log:info("record %d", i) end
  handler:flush()
  testing.equal(lines(path), 100, label)
  testing.contains(testing.read(path), "async record 1\nasync record 2\n")
  log:info("last")
  handler:close()
  testing.equal(lines(path), 101, label)
  log:info("after the end")
  testing.equal(lines(path), 102, label .. " delivers late records at once")
  log:removeHandler(handler)
  handler:close()
  os.remove(path)
end

-- So does a subclass, whose emit then runs on that thread; fields are read as ever.
local Counting = logging.StreamHandler:subclass("Counting")
function Counting:init()
  Counting.super.init(self, { stream = io.stdout, async = { flush_level = "WARNING", flush_interval = 10 } })
  self.texts = {}
end
function Counting:emit(record)
  self.texts[#self.texts + 1] = self:format(record)
  Counting.super.emit(self, record)
end
local counting = Counting()
log:addHandler(counting)
log:info("one")
log:warning("two")
counting:flush()
testing.equal(counting.texts, { "one", "two" })
log:removeHandler(counting)

local Slow = logging.Handler:subclass("Slow")
function Slow:init(queue, options)
  Slow.super.init(self, { async = options })
  self.queue, self.seen = queue, {}
end
function Slow:emit(record)
  if record.name == "async" then self.queue:get() end
  self.seen[#self.seen + 1] = record:getMessage()
end

-- A full queue drops what it was told to, and says how many.
for policy, kept in pairs { drop_newest = { "1", "2", "3" }, drop_oldest = { "1", "9", "10" } } do
  local gate = require("queue").Queue()
  local slow = Slow(gate, { capacity = 3, overflow = policy, batch = 1, flush_interval = 0 })
  slow:setName("slow")
  log:addHandler(slow)
  log:error("1")
  -- Until the thread has the first one in hand, it may be dropped as any other.
  gate:put(true)
  slow:flush()
  for i = 2, 10 do log:error(tostring(i)) end
  for _ = 1, 10 do gate:put(true) end
  slow:flush()
  local seen = slow.seen
  local notices = 0
  for i = #seen, 1, -1 do
    if seen[i]:find("dropped", 1, true) then
      testing.contains(seen[i], 'dropped: the queue of handler "slow" was full')
      notices = notices + tonumber(seen[i]:match("^%d+"))
      table.remove(seen, i)
    end
  end
  testing.equal(#seen + notices, 10, policy)
  testing.equal(seen[1], kept[1])
  log:removeHandler(slow)
  slow:close()
end

-- Waiting for room loses nothing.
local gate = require("queue").Queue()
local slow = Slow(gate, { capacity = 2 })
log:addHandler(slow)
local feeder = require("threading").Thread { target = function() for _ = 1, 50 do gate:put(true) end end }
feeder:start()
for i = 1, 50 do log:info(tostring(i)) end
feeder:join()
slow:flush()
testing.equal(#slow.seen, 50)
log:removeHandler(slow)
slow:close()

-- Mistakes are named.
testing.raises("async.overflow: expected \"block\", \"drop_newest\" or \"drop_oldest\", got \"blok\"",
  function() logging.StreamHandler { async = { overflow = "blok" } } end)
testing.raises("async.capacity: expected an integer of at least 1, got 0",
  function() logging.StreamHandler { async = { capacity = 0 } } end)
testing.raises("async.capasity: unknown key (did you mean \"capacity\"?)",
  function() logging.StreamHandler { async = { capasity = 1 } } end)

-- In configurations the same keys do the same.
local path = os.tmpname()
require("logging.config").dictConfig {
  version = 1, disable_existing_loggers = false,
  handlers = {
    file = { class = "logging.FileHandler", filename = path, async = { capacity = 5, overflow = "block" } },
  },
  root = { level = "INFO", handlers = { "file" } },
}
for i = 1, 100 do logging.info("%d", i) end
logging.getHandlerByName("file"):flush()
testing.equal(lines(path), 100)
testing.raises("handlers.file.async.overflow", require("logging.config").dictConfig, {
  version = 1, handlers = { file = { class = "logging.StreamHandler", async = { overflow = "drop" } } },
})
logging.info("still there")
logging.shutdown()
testing.equal(lines(path), 101)
os.remove(path)

-- What is still queued when the program ends is delivered.
log:addHandler(logging.StreamHandler { stream = io.stdout, async = { flush_interval = 3600 } })
log:info("at the end")

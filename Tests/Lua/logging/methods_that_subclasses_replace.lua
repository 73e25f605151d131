-- What Python's documentation names as a place for a subclass to step in is one.
local testing = require "testing"
local logging = require "logging"
local handlers = require "logging.handlers"
local queue = require "queue"

local log = logging.Logger("replaced")

-- QueueHandler: prepare and enqueue.
local q = queue.Queue()
local Preparing = handlers.QueueHandler:subclass("Preparing")
function Preparing:prepare(record)
  record.msg = "prepared " .. record.msg
  return record
end
local preparing = Preparing(q)
log:addHandler(preparing)
log:warning("%d ms", 5)
log:removeHandler(preparing)
testing.equal(q:get().message, "prepared 5 ms")

local Usual = handlers.QueueHandler:subclass("Usual")
function Usual:format(record) return "formatted " .. record:getMessage() end
local usual = Usual(q)
log:addHandler(usual)
log:warning("%d ms", 5)
log:removeHandler(usual)
testing.equal(q:get().message, "formatted 5 ms")

local Table = handlers.QueueHandler:subclass("Table")
function Table:prepare(record) return { text = record:getMessage(), level = record.levelno } end
local tables = Table(q)
log:addHandler(tables)
log:warning("%d ms", 5)
log:removeHandler(tables)
testing.equal(q:get(), { text = "5 ms", level = 30 })

local Choosing = handlers.QueueHandler:subclass("Choosing")
function Choosing:enqueue(record)
  if record.levelno >= 40 then self.queue:put(record.levelname .. " " .. record.message) end
end
local choosing = Choosing(q)
log:addHandler(choosing)
log:warning("kept back")
log:error("put")
log:removeHandler(choosing)
testing.equal({ q:get(), q:qsize() }, { "ERROR put", 0 })

-- handleError: the superclass reports the failure it is about.
local Counting = logging.Handler:subclass("Counting")
function Counting:emit(record) error("not today", 0) end
function Counting:handleError(record)
  self.failed = (self.failed or 0) + 1
  Counting.super.handleError(self, record)
end
local counting = Counting()
log:addHandler(counting)
log:warning("lost %d", 1)
log:removeHandler(counting)
testing.equal(counting.failed, 1)
-- Without a failure there is none to tell.
logging.StreamHandler():handleError(logging.makeLogRecord { msg = "m" })

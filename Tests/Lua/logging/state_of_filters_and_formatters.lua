-- What a filter, formatter or handler of the script's counts is seen by the script, which can change it too.
local testing = require "testing"
local logging = require "logging"
local threading = require "threading"

local log = logging.Logger("counted")
log:addHandler(logging.NullHandler())
local function emit(times)
  for number = 1, times do log:info("record %d", number) end
end

-- Instances of subclasses, with values of their own and of their class.
local Limit = logging.Filter:subclass("Limit")
Limit.most, Limit.count = 3, 0
function Limit:filter(record)
  self.count = self.count + 1
  return self.count <= self.most
end
function Limit:left(more) return self.most - self.count + more end
local limit = Limit()
log:addFilter(limit)
emit(2)
testing.equal({ limit.count, limit.most, limit:left(10), limit.none == nil }, { 2, 3, 11, true })
limit.most = 100
testing.equal(limit:left(0), 98)
testing.equal(limit:filter(logging.makeLogRecord { msg = "asked by the script" }), true)
testing.equal({ limit.count, Limit.count }, { 3, 0 })
testing.equal(log.filters[1] == limit, true)
-- Other threads see the same one.
local thread = threading.Thread { target = function()
  limit.count = 50
  return limit:left(0)
end }
thread:start()
testing.equal(thread:result(), 50)
testing.equal(limit.count, 50)
-- What the parent class has of ours stays one thing for both.
limit.name = "elsewhere"
testing.equal(limit.name, "elsewhere")
log:removeFilter(limit)

local Shout = logging.Formatter:subclass("Shout")
function Shout:format(record)
  self.seen = (self.seen or 0) + 1
  return Shout.super.format(self, record):upper()
end
local shout, memory = Shout("%(message)s"), logging.StreamHandler { write = function() end }
memory:setFormatter(shout)
log:addHandler(memory)
emit(3)
testing.equal(shout.seen, 3)
testing.equal(shout:format(logging.makeLogRecord { msg = "four" }), "FOUR")
testing.equal({ shout.seen, memory.formatter == shout }, { 4, true })
shout.datefmt = "%H"
testing.equal(shout.datefmt, "%H")

-- Tables with a method, which may be of several kinds at once, and of classes made by hand.
local both = { count = 0, words = { "a", "b" } }
function both:filter(record)
  self.count = self.count + 1
  return true
end
function both:format(record)
  self.count = self.count + 100
  return record:getMessage()
end
function both:total() return self.count end
log:addFilter(both)
emit(2)
testing.equal({ both.count, both:total(), #both.words }, { 2, 2, 2 })
memory:setFormatter(both)
both.count = 1000
emit(1)
testing.equal({ both:total(), log.filters[1] == both, memory.formatter == both }, { 1101, true, true })
thread = threading.Thread { target = function() return both:total(), both.count end }
thread:start()
testing.equal({ thread:result() }, { 1101, 1101 })
log:addFilter(both)
testing.equal(#log.filters, 1)
log:removeFilter(both)
testing.equal(#log.filters, 0)

local Class = {}
Class.__index = Class
function Class:filter(record)
  self.last = record:getMessage()
  return true
end
local by_hand = setmetatable({}, Class)
log:addFilter(by_hand)
emit(1)
testing.equal({ by_hand.last, getmetatable(by_hand) == Class }, { "record 1", true })

-- A handler's own value is ahead of its class's.
local Counting = logging.Handler:subclass("Counting")
Counting.count = 0
function Counting:emit(record) self.count = self.count + 1 end
local counting = Counting()
log:addHandler(counting)
emit(4)
testing.equal({ counting.count, Counting.count }, { 4, 0 })

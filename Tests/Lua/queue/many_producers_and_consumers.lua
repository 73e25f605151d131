local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local q, results = Queue(10), Queue()
local producers, consumers = {}, {}
for p = 1, 4 do
  producers[p] = threading.Thread { target = function(p) for i = 1, 500 do q:put(p * 1000 + i) end end, args = { p } }
end
for c = 1, 3 do
  consumers[c] = threading.Thread {
    target = function()
      local last, count, sum = {}, 0, 0
      for item in q:items() do
        local p, i = item // 1000, item % 1000
        assert((last[p] or 0) < i, "the items of one producer stay in order")
        last[p], count, sum = i, count + 1, sum + item
      end
      results:put { count, sum }
    end,
  }
end
for _, t in ipairs(consumers) do t:start() end
for _, t in ipairs(producers) do t:start() end
for _, t in ipairs(producers) do t:join() end
q:shutdown()
for _, t in ipairs(consumers) do t:join() end

local count, sum, expected = 0, 0, 0
for _ = 1, 3 do local r = results:get() count, sum = count + r[1], sum + r[2] end
for p = 1, 4 do for i = 1, 500 do expected = expected + p * 1000 + i end end
testing.equal({ count, sum }, { 2000, expected })

local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local event, results, ready = threading.Event(), Queue(), Queue()
testing.equal({ event:is_set(), event:isSet() }, { false, false })
event:set()
event:set()
testing.equal({ event:is_set(), event:wait(), event:wait(0) }, { true, true, true })
event:clear()
event:clear()
testing.equal(event:is_set(), false)

for _ = 1, 2 do
  local threads = {}
  for i = 1, 5 do
    threads[i] = threading.Thread {
      target = function()
        ready:put(true)
        results:put(event:wait())
        results:put(event:wait { timeout = 10 })
      end,
    }
    threads[i]:start()
  end
  for _ = 1, 5 do ready:get() end
  testing.equal(results:qsize(), 0)
  event:set()
  for _, thread in ipairs(threads) do thread:join() end
  for _ = 1, 10 do testing.equal(results:get(), true) end
  event:clear()
end

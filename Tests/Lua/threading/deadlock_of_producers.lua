-- Producers on a full queue without a consumer are told; what was put stays.
local testing = require "testing"
local threading, queue = require "threading", require "queue"

local q = queue.Queue(2)
local function produce(first)
  local put = 0
  local ok, e = pcall(function()
    for item = first, first + 9 do
      q:put(item)
      put = put + 1
    end
  end)
  assert(not ok and threading.DeadlockError:is(e), e)
  testing.contains(e, "Queue.put")
  testing.contains(e, "which is full with 2")
  return put
end
local threads = {}
for i = 1, 4 do
  threads[i] = threading.Thread { target = produce, args = { i * 100 } }
  threads[i]:start()
end
local put = 0
for _, thread in ipairs(threads) do put = put + thread:result() end
testing.equal({ put, q:qsize() }, { 2, 2 })
q:get()
q:get()
testing.equal(q:empty(), true)

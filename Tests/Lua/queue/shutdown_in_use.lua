-- The end comes while four threads put and six get: nobody hangs, and what was got and what is lost add up.
local testing = require "testing"
local threading = require "threading"
local queue = require "queue"

local function run(class, immediate)
  local q, ready, go, enough = class(), queue.Queue(), threading.Event(), threading.Event()
  local each, writers, readers, joiners = 2000, {}, {}, {}
  for i = 1, 4 do
    writers[i] = threading.Thread {
      target = function()
        for k = 1, each // 2 do q:put { k, "LOYD" } end
        ready:put(i)
        go:wait()
        for k = 1, each do
          local ok, e = pcall(q.put, q, { k, "YDLO" })
          if not ok then
            assert(queue.ShutDown:is(e))
            return each // 2 + k - 1
          end
          if k == each // 4 then enough:set() end
        end
        return each // 2 + each
      end,
    }
  end
  for i = 1, 6 do
    readers[i] = threading.Thread {
      target = function()
        local count = 0
        while true do
          local ok, e = pcall(q.get, q, i % 2 == 0)
          if ok then
            assert(e[2] == "LOYD" or e[2] == "YDLO")
            count = count + 1
            q:task_done()
          elseif queue.ShutDown:is(e) then
            return count
          else
            assert(queue.Empty:is(e))
          end
        end
      end,
    }
  end
  for i = 1, 2 do joiners[i] = threading.Thread { target = function() go:wait() q:join() end } end
  for _, group in ipairs { writers, readers, joiners } do
    for _, thread in ipairs(group) do thread:start() end
  end
  for _ = 1, 4 do ready:get() end
  go:set()
  enough:wait()
  q:shutdown(immediate)
  local put, got = 0, 0
  for _, thread in ipairs(writers) do put = put + thread:result() end
  for _, thread in ipairs(readers) do got = got + thread:result() end
  for _, thread in ipairs(joiners) do thread:result() end
  testing.equal({ q:empty(), q.unfinished_tasks, got <= put }, { true, 0, true })
  if not immediate then testing.equal(got, put) end
end

for _, class in ipairs { queue.Queue, queue.LifoQueue, queue.PriorityQueue } do
  run(class, false)
  run(class, true)
end

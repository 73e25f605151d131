local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local here = threading.Local()
testing.equal(here.x, nil)
here.x, here.list, here.gone = "foo", { 1, 2 }, true
here.gone = nil
testing.equal({ here.x, here.gone }, { "foo", nil })
testing.equal(here.__dict__, { x = "foo", list = { 1, 2 } })

-- Another thread has the same object, without these attributes.
local other = threading.Thread {
  target = function(argument)
    local before = { argument.x, here.x, next(here.__dict__) }
    here.x = "bar"
    return before, argument == here, argument.x, here
  end,
  args = { here },
}
other:start()
local before, same, after, returned = other:result()
testing.equal({ before, same, after }, { {}, true, "bar" })
testing.equal(returned, here)
testing.equal({ here.x, here.list }, { "foo", { 1, 2 } })

-- Values that could not cross may be attributes, and the object crosses all the same.
here.co = coroutine.create(print)
local q = Queue()
q:put { here }
testing.equal(q:get()[1], here)
testing.equal(coroutine.status(here.co), "suspended")

-- They live as long as thread and object do, whether this thread has the object at hand or not.
local kept = threading.Local()
kept.value = "still here"
q:put(kept)
kept = nil
collectgarbage()
collectgarbage()
testing.equal(q:get().value, "still here")
local first, second = Queue(), Queue()
local counter = threading.Thread {
  target = function()
    for item in first:items() do
      item.count = (item.count or 0) + 1
      second:put(item.count)
      item = nil
      collectgarbage()
    end
  end,
}
counter:start()
local shared = threading.Local()
for expected = 1, 5 do
  first:put(shared)
  testing.equal(second:get(), expected)
end
first:shutdown()
counter:join()
testing.equal(shared.count, nil)

-- pairs walks over them.
local seen = {}
local small = threading.Local()
small.a, small.b = 1, 2
for name, value in pairs(small) do seen[name] = value end
testing.equal(seen, { a = 1, b = 2 })
assert(tostring(small):find("^<threading.Local object at 0x%x+>$"), tostring(small))

testing.raises(require "exceptions".TypeError, "Initialization arguments are not supported", threading.Local, 1)
testing.raises(require "exceptions".TypeError, "Initialization arguments are not supported", threading.Local, { a = 1 })
testing.raises(require "exceptions".AttributeError, function() small.__dict__ = {} end)

-- Many threads, each with its own.
local threads, all = {}, threading.Local()
for i = 1, 10 do
  threads[i] = threading.Thread {
    target = function()
      all.x = i
      threading.Event():wait(0.001)
      return all.x
    end,
  }
  threads[i]:start()
end
for i, thread in ipairs(threads) do testing.equal(thread:result(), i) end
testing.equal(all.x, nil)

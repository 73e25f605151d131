-- Who was told goes on; each further deadlock is told too, however often.
local testing = require "testing"
local threading, queue = require "threading", require "queue"

local inbox, outbox = queue.Queue(), queue.Queue()
local function stubborn()
  local count = 0
  while true do
    local ok, item = pcall(inbox.get, inbox)
    if ok then return count, item end
    assert(threading.DeadlockError:is(item), item)
    count = count + 1
    if count == 10 then outbox:put "enough" end
  end
end
local thread = threading.Thread { target = stubborn }
thread:start()
testing.equal(outbox:get(), "enough")
inbox:put "at last"
local count, item = thread:result()
assert(count >= 10, count)
testing.equal(item, "at last")

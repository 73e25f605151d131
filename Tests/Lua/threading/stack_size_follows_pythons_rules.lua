local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"

-- Some work on threads whose stacks were asked for: no more than 3 of the 10 run at once.
local function various_work()
  local permits, mutex, count = threading.BoundedSemaphore(3), threading.RLock(), require "queue".Queue()
  count:put(0)
  local function change(by)
    local held <close> = mutex:hold()
    local now = count:get() + by
    count:put(now)
    return now
  end
  local threads = {}
  for i = 1, 10 do
    threads[i] = threading.Thread {
      name = "<thread " .. i .. ">",
      target = function()
        local permit <close> = permits:hold()
        assert(change(1) <= 3)
        local text = string.rep("x", 1000):gsub("x", function() return "yy" end)
        assert(change(-1) >= 0)
        return #text
      end,
    }
    testing.contains(tostring(threads[i]), ", initial)>")
    threads[i]:start()
  end
  for _, thread in ipairs(threads) do testing.equal(thread:result(), 2000) end
end

testing.equal(threading.stack_size(), 0)
various_work()
testing.equal(threading.stack_size(262144), 0)
testing.equal(threading.stack_size(), 262144)
various_work()
testing.equal(threading.stack_size { size = 8 << 20 }, 262144)
various_work()
testing.equal(threading.stack_size(0), 8 << 20)
testing.equal(threading.stack_size(), 0)

testing.raises(exceptions.ValueError, "size must be 0 or a positive value", threading.stack_size, -1)
testing.raises(exceptions.ValueError, "size not valid: 32767 bytes", threading.stack_size, 32767)
testing.raises(exceptions.ValueError, "size not valid", threading.stack_size, math.maxinteger)
testing.raises(exceptions.TypeError, threading.stack_size, "64")
testing.equal(threading.stack_size(32768), 0)
-- However small, deep recursion is an error and no crash.
local deep = threading.Thread {
  target = function()
    local function nested(n) return n == 0 and 0 or (select(2, pcall(nested, n - 1))) end
    local function matching(n) return n == 0 and "" or (("x"):gsub("x", function() return matching(n - 1) end)) end
    return pcall(nested, 150), pcall(matching, 150), (pcall(function() local function f() return f() + 1 end return f() end))
  end,
}
deep:start()
testing.equal({ deep:result() }, { true, true, false })
testing.equal(threading.stack_size(0), 32768)

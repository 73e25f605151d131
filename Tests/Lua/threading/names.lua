local testing = require "testing"
local threading = require "threading"

function work() return threading.current_thread().name end
local first, second = threading.Thread { target = work }, threading.Thread()
testing.equal(first.name, "Thread-1 (work)")
testing.equal(second.name, "Thread-2")
second.name = "renamed"
testing.equal(second.name, "renamed")
first:start()
testing.equal(first:result(), "Thread-1 (work)")
testing.equal(threading.Thread(nil, work, "given").name, "given")
testing.contains(tostring(second), "<Thread(renamed, initial")

-- A function's name is that of the caller's variable, if there is one; a name that is none counts as none; any value has a text.
local function helper() end
testing.equal(threading.Thread { target = helper }.name, "Thread-3 (helper)")
testing.equal((function() return threading.Thread { target = helper } end)().name, "Thread-4 (helper)")
testing.equal(threading.Thread { target = function() end }.name, "Thread-5")
testing.equal(threading.Thread { name = "", target = helper }.name, "Thread-6 (helper)")
testing.equal(threading.Thread { name = 123 }.name, "123")
second.name = 4.5
testing.equal({ second.name, second:getName() }, { "4.5", "4.5" })
second:setName("by method")
testing.equal(second.name, "by method")
testing.raises(require "exceptions".TypeError, "string expected, got nil", function() second.name = nil end)

-- The operating system shows the name, cut to 15 bytes, also one that the thread gives itself.
local t = threading.Thread {
  name = "a-name-that-is-long",
  target = function()
    local function shown()
      local f <close> = assert(io.open("/proc/self/task/" .. threading.get_native_id() .. "/comm"))
      return f:read("l")
    end
    local before = shown()
    threading.current_thread().name = "myself"
    return before, shown()
  end,
}
t:start()
testing.equal({ t:result() }, { "a-name-that-is-", "myself" })
testing.equal(t.name, "myself")

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

-- The operating system shows the name, cut to 15 bytes.
local t = threading.Thread {
  name = "a-name-that-is-long",
  target = function()
    local f <close> = assert(io.open("/proc/self/task/" .. threading.get_native_id() .. "/comm"))
    return f:read("l")
  end,
}
t:start()
testing.equal(t:result(), "a-name-that-is-")

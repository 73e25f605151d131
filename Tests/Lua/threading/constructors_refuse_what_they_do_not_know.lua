local testing = require "testing"
local threading = require "threading"
local TypeError = require "exceptions".TypeError

for _, name in ipairs { "Lock", "RLock", "Event" } do
  testing.raises(TypeError, name .. "() takes no arguments (1 given)", threading[name], 1)
  testing.raises(TypeError, name .. "() takes no arguments (2 given)", threading[name], 1, 2)
  testing.raises(TypeError, name .. "() takes no arguments (got a named argument 'a')", threading[name], { a = 1 })
  assert(threading[name]:is(threading[name] {}))
end
testing.raises(TypeError, "Semaphore() takes at most 1 positional arguments (2 given)", threading.Semaphore, 1, 2)
testing.raises(TypeError, "Barrier() got an unexpected named argument 'partys' (known: parties, action, timeout)",
  threading.Barrier, { partys = 2 })
testing.raises(TypeError, "unexpected named argument 'locks' (known: lock)", threading.Condition, { locks = 1 })

local threading = require "threading"

local text
local shown = print
print = function(line) text = line end
threading.help()
print = shown
for _, name in ipairs {
  "Thread", "Timer", "Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Event", "Barrier", "Local",
  "BrokenBarrierError", "CancelledError", "DeadlockError", "ThreadError", "TIMEOUT_MAX", "active_count", "current_thread",
  "main_thread", "enumerate", "get_ident", "get_native_id", "excepthook", "__excepthook__", "ExceptHookArgs", "stack_size",
} do
  assert(threading[name] ~= nil, name)
  assert(("\n" .. text):find("\n%s*" .. name .. "%s+%u"), name .. " is not in\n" .. text)
end

local testing = require "testing"
local threading = require "threading"
local RuntimeError = require "exceptions".RuntimeError

for _, lock in ipairs { threading.RLock(), threading.Lock() } do
  local condition = threading.Condition(lock)
  testing.raises(RuntimeError, "cannot wait on un-acquired lock", condition.wait, condition)
  testing.raises(RuntimeError, "cannot wait on un-acquired lock", condition.wait, condition, 0)
  testing.raises(RuntimeError, "cannot notify on un-acquired lock", condition.notify, condition)
  testing.raises(RuntimeError, "cannot notify on un-acquired lock", condition.notify_all, condition)
  testing.raises(RuntimeError, "cannot wait on un-acquired lock", condition.wait_for, condition, function() end)
  -- A predicate that holds at once needs no wait.
  testing.equal(condition:wait_for(function() return "yes" end), "yes")
end
local condition = threading.Condition()
testing.raises(RuntimeError, "cannot release un-acquired lock", condition.release, condition)
testing.raises(RuntimeError, "release unlocked lock", threading.Condition(threading.Lock()).release,
  threading.Condition(threading.Lock()))

-- A recursive lock belongs to one thread: another can neither wait nor notify.
condition:acquire()
local other = threading.Thread {
  target = function()
    local _, wait = pcall(condition.wait, condition)
    local _, notify = pcall(condition.notify, condition)
    return tostring(wait), tostring(notify)
  end,
}
other:start()
testing.equal({ other:result() }, { "cannot wait on un-acquired lock", "cannot notify on un-acquired lock" })

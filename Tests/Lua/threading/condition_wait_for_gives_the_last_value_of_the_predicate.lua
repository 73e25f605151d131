local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue
local TypeError = require "exceptions".TypeError

local condition = threading.Condition()
condition:acquire()
testing.equal(condition:wait_for(function() return "value", "more" end), "value")
testing.equal(select("#", condition:wait_for(function() return "value", "more" end)), 1)
testing.equal(condition:wait_for(function() return 0 end), 0) -- true in Lua

-- The time is up: the predicate has been asked at the start and at the end.
for _, timeout in ipairs { 0.002, 0, -1 } do
  local asked = 0
  local function never()
    asked = asked + 1
    return false
  end
  testing.equal(condition:wait_for(never, timeout), false)
  assert(asked >= 2, asked)
end
testing.equal(condition:wait_for { predicate = function() return nil end, timeout = 0 }, nil)
testing.raises(TypeError, "predicate: function expected, got nil", condition.wait_for, condition)
testing.raises(TypeError, "predicate: function expected, got number", condition.wait_for, condition, 5)
local callable = setmetatable({}, { __call = function() return "called" end })
testing.equal(condition:wait_for(callable), "called")
condition:release()

-- Woken again and again, until it holds. The state is in a queue of one, which both threads see.
local state, ready = Queue(), Queue()
state:put(0)
local waiter = threading.Thread {
  target = function()
    local held <close> = condition:hold()
    return condition:wait_for(function()
      local value = state:get()
      state:put(value)
      ready:put(value)
      return value == 4 and "four"
    end)
  end,
}
waiter:start()
for _ = 1, 4 do
  ready:get()
  local held <close> = condition:hold()
  state:put(state:get() + 1)
  condition:notify()
end
testing.equal(waiter:result(), "four")

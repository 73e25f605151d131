local testing = require "testing"
local threading = require "threading"

local primitives = {
  threading.Lock(), threading.RLock(), threading.Condition(), threading.Semaphore(), threading.BoundedSemaphore(),
  threading.Event(), threading.Barrier(2),
}
-- As arguments, upvalues and results; the address in the text is that of the one object.
for _, primitive in ipairs(primitives) do
  local t = threading.Thread {
    target = function(argument)
      return argument, argument == primitive, tostring(argument), argument.class == primitive.class
    end,
    args = { primitive },
  }
  t:start()
  local result, same, text, class = t:result()
  testing.equal({ result == primitive, same, text, class }, { true, true, tostring(primitive), true })
end

-- They are values like others.
local by_primitive = {}
for i, primitive in ipairs(primitives) do by_primitive[primitive] = i end
for i, primitive in ipairs(primitives) do testing.equal(by_primitive[primitive], i) end
local ref = require "weakref".ref(primitives[1])
testing.equal(ref(), primitives[1])

local weakref, gc = require "weakref", require "gc"
for _, make in ipairs {function() return {} end, function() local x = 0 return function() x = x + 1 end end,
                       function() return coroutine.create(print) end, function() return weakref.ref({}) end} do
  local object = make()
  local r = weakref.ref(object)
  assert(r() == object and rawequal(r(), object))
  gc.collect()
  assert(r() == object)
  object = nil
  gc.collect()
  assert(r() == nil)
end

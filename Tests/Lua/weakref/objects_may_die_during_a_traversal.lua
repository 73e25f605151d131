local weakref, gc = require "weakref", require "gc"
for _, class in ipairs {weakref.WeakKeyDictionary, weakref.WeakSet} do
  local strong, weak = {}, class()
  for i = 1, 100 do
    strong[i] = {}
    weak[strong[i]] = true
  end
  local n = 0
  for k in pairs(weak) do
    n = n + 1
    if n == 10 then
      strong = nil
      gc.collect()
      -- The loop holds the one it is at.
      assert(#weak == 1 and weak[k])
    end
  end
  assert(n == 10)
  gc.collect()
  assert(#weak == 0)
end

local weakref = require "weakref"
for _, mode in ipairs {"incremental", "generational"} do
  collectgarbage(mode)
  local d, s, k, keep = weakref.WeakValueDictionary(), weakref.WeakSet(), weakref.WeakKeyDictionary(), {}
  for i = 1, 20000 do
    local o = {}
    d[i], k[o] = o, {o}
    s:add(o)
    if i % 3 == 0 then keep[#keep + 1] = o end
    if i % 500 == 0 then
      for _, c in ipairs {d, s, k} do
        -- Nothing is allocated between counting and walking but the iterator: a collection there makes the walk shorter.
        collectgarbage("stop")
        local n, walked = #c, 0
        for _ in pairs(c) do walked = walked + 1 end
        collectgarbage("restart")
        assert(n == walked, mode)
        assert(n >= #keep)
      end
    end
  end
  collectgarbage()
  assert(#d == #keep and #s == #keep and #k == #keep)
end

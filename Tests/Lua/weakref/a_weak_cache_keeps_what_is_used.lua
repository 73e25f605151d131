-- The cache of the tutorial: images are loaded once as long as anybody uses them.
local weakref, gc = require "weakref", require "gc"
local loads, unloads = 0, 0
local cache = weakref.WeakValueDictionary()
local function image(name)
  local found = cache[name]
  if found then return found end
  loads = loads + 1
  found = {name = name, pixels = ("x"):rep(1000)}
  weakref.finalize(found, function(n) unloads = unloads + 1 end, name)
  cache[name] = found
  return found
end
local used = {}
for i = 1, 2000 do
  local name = "image" .. i % 50
  local it = image(name)
  assert(it.name == name)
  if i % 50 < 10 then used[name] = it end
end
gc.collect()
assert(#cache == 10 and loads - unloads == 10)
for name, it in pairs(used) do assert(cache[name] == it and rawequal(image(name), it)) end
used = nil
gc.collect()
assert(#cache == 0 and loads == unloads)

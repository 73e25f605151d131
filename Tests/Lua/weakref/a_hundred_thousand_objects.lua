local weakref, gc = require "weakref", require "gc"
local N = 100000
local callbacks, finalized, sum = 0, 0, 0
local objects, refs = {}, {}
local function on_death() callbacks = callbacks + 1 end
local function finish(i) finalized = finalized + 1 sum = sum + i end
for i = 1, N do
  local o = {i}
  objects[i] = o
  refs[i] = weakref.ref(o, on_death)
  weakref.finalize(o, finish, i)
end
gc.collect()
assert(callbacks == 0 and finalized == 0)
for i = 1, N, 2 do objects[i] = nil end
gc.collect()
assert(callbacks == N / 2 and finalized == N / 2)
objects = nil
gc.collect()
assert(callbacks == N and finalized == N and sum == N * (N + 1) // 2)
for i = 1, N do assert(refs[i]() == nil) end
-- The same without anybody keeping them or asking for a collection.
callbacks, finalized, refs = 0, 0, {}
for i = 1, N do
  local o = {i}
  refs[i % 1000] = weakref.ref(o, on_death)
  weakref.finalize(o, finish, i)
end
assert(finalized > N / 2)
gc.collect()
assert(finalized == N)

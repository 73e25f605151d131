local struct = require "struct"
local t = require "testing"

-- More formats than the cache has room for, twice over, and one too long for it.
for _ = 1, 2 do
  for n = 1, 1000 do
    local format = "<" .. n .. "sH"
    t.equal(struct.calcsize(format), n + 2)
    local text, number = struct.unpack(format, struct.pack(format, "x", n))
    t.equal(#text + number, 2 * n)
  end
end
local long = "<" .. ("H"):rep(1000)
t.equal(struct.calcsize(long), 2000)
t.equal(struct.calcsize(long), 2000)

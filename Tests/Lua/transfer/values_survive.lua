local testing = require "testing"
local Queue = require "queue".Queue

local q = Queue()
local function pass(value)
  q:put(value)
  return q:get()
end

for _, value in ipairs {
  0, 1, -1, 127, 128, -128, -129, math.maxinteger, math.mininteger, 1.0, -0.0, 1e308, math.huge, -math.huge, 0.1,
  true, false, "", "text", "zero\0byte", ("x"):rep(255), ("x"):rep(256), ("y"):rep(100000), "\xff\xfe",
} do
  testing.equal(pass(value), value)
end
testing.equal(pass(nil), nil)
assert(1 / pass(-0.0) == -math.huge, "the sign of zero")
local nan = pass(0 / 0)
assert(nan ~= nan, "NaN")
assert(math.type(pass(2 ^ 53)) == "float" and math.type(pass(1 << 53)) == "integer", "subtypes")
testing.equal(pass({}), {})
testing.equal(pass({ 1, 2, nil, 4, x = { y = { z = "deep" } }, [1.5] = "float", [true] = "boolean", [-1] = "negative" }),
  { 1, 2, nil, 4, x = { y = { z = "deep" } }, [1.5] = "float", [true] = "boolean", [-1] = "negative" })

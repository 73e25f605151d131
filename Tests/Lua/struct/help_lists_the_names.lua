local struct = require "struct"
local t = require "testing"

local printed = {}
print = function(text) printed[#printed + 1] = text end
struct.help()
struct.help("calcsize")
for _, name in ipairs { "pack", "unpack", "unpack_from", "iter_unpack", "calcsize", "Struct", "error" } do
  t.contains(printed[1], "\n" .. name)
end
t.equal(printed[2], "calcsize  calcsize(format) gives the size of a record in bytes.")

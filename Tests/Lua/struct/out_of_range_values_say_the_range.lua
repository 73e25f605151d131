local struct = require "struct"
local exceptions = require "exceptions"
local t = require "testing"

-- The texts are CPython's for the same values.
for _, case in ipairs { { "b", 128 }, { "B", -1 }, { "h", 32768 }, { "<H", 65536 }, { "i", 1 << 31 }, { ">I", 1 << 32 } } do
  local python = t.python(([[
import struct
try: struct.pack(%q, %d)
except struct.error as e: print(e)]]):format(case[1], case[2]))
  t.equal(tostring(t.raises(struct.error, struct.pack, case[1], case[2])), python)
end
t.raises(exceptions.OverflowError, "float too large to pack with f format", struct.pack, "<f", 1e300)
t.raises(exceptions.OverflowError, "float too large to pack with e format", struct.pack, "<e", 1e6)
t.equal(struct.unpack("<f", struct.pack("<f", math.huge)), math.huge)

local struct = require "struct"
local t = require "testing"

-- Packed here and by CPython: the same format and values.
local cases = {
  { "<IIIHH", "1, 2, 0xffffffff, 3, 65535", 1, 2, 0xffffffff, 3, 65535 },
  { ">hhl", "1, 2, 3", 1, 2, 3 },
  { "@ci", "b'#', 0x12131415", "#", 0x12131415 },
  { "@ic", "0x12131415, b'#'", 0x12131415, "#" },
  { "llh0l", "1, 2, 3", 1, 2, 3 },
  { "!bBxq", "-1, 255, -2", -1, 255, -2 },
  { "<efd", "1.5, -0.25, 1e300", 1.5, -0.25, 1e300 },
  { "<fd", "3, 4", 3, 4 },
  { "5s3p2c", "b'ab', b'toolong', b'x', b'y'", "ab", "toolong", "x", "y" },
  { "0s 2x 3h", "b'', 1, -1, 7", "", 1, -1, 7 },
  { "nNP", "-5, 5, 77", -5, 5, 77 },
  { "<?i", "True, True", true, true },
}
for _, case in ipairs(cases) do
  local expected = t.python(("import struct; print(struct.pack(%q, %s).hex())"):format(case[1], case[2]))
  t.equal(t.hex(struct.pack(case[1], table.unpack(case, 3))), expected, case[1])
end

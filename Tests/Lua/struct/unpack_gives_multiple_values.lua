local struct = require "struct"
local t = require "testing"

local a, b, c, d = struct.unpack("<hB?3s", "\x01\x80\xff\x02abc")
t.equal({ a, b, c, d }, { -32767, 255, true, "abc" })
t.equal(select("#", struct.unpack("4x", "\0\0\0\0")), 0)
t.equal(math.type((struct.unpack("<d", struct.pack("<d", 2)))), "float")
t.equal({ struct.unpack("3p", "\2ab") }, { "ab" })
t.equal({ struct.unpack("2c", "a\0") }, { "a", "\0" })

-- Unsigned 64-bit values from 2^63 on are negative integers, and are taken back.
t.equal(struct.unpack("<Q", ("\xff"):rep(8)), -1)
t.equal(struct.pack("<Q", -1), ("\xff"):rep(8))

t.raises(struct.error, "unpack requires a buffer of 4 bytes", struct.unpack, "<i", "abc")

local struct = require "struct"
local t = require "testing"

local data = "....\1\0\2\0"
t.equal({ struct.unpack_from("<hh", data, 4) }, { 1, 2 })
t.equal({ struct.unpack_from("<h", data, -2) }, { 2 })
t.equal({ struct.unpack_from("<2s", data) }, { ".." })
t.equal({ struct.unpack_from("<h", data, 6.0) }, { 2 })
t.equal({ struct.Struct("<h"):unpack_from(data, 4) }, { 1 })
t.raises(struct.error, "unpack_from requires a buffer of at least 9 bytes for unpacking 4 bytes at offset 5 "
  .. "(actual buffer size is 8)", struct.unpack_from, "<i", data, 5)
t.raises(struct.error, "offset -9 out of range for 8-byte buffer", struct.unpack_from, "<i", data, -9)
t.raises(struct.error, "not enough data to unpack 4 bytes at offset -2", struct.unpack_from, "<i", data, -2)
t.raises(struct.error, "bad argument #3 to 'unpack_from' (integer expected, got 1.5)", struct.unpack_from, "<i", data, 1.5)
t.raises(struct.error, "(integer expected, got string)", struct.unpack_from, "<i", data, "1")

local struct = require "struct"
local exceptions = require "exceptions"
local t = require "testing"

t.raises(exceptions.MemoryError, "record of 9999999999999 bytes is too large", struct.pack, "9999999999999x")
t.raises(exceptions.MemoryError, "is too large", struct.pack, "9223372036854775807s", "")
t.raises(struct.error, "too many values in one record", struct.unpack, "2000000B", ("\0"):rep(2000000))
t.equal(#struct.pack("100000x"), 100000)
t.equal(select("#", struct.unpack("1000B", ("\1"):rep(1000))), 1000)

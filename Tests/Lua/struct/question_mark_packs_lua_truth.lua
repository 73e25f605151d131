local struct = require "struct"
local t = require "testing"

-- Zero and the empty string are true in Lua.
t.equal(struct.pack("6?", true, false, nil, 0, "", {}), "\1\0\0\1\1\1")
t.equal({ struct.unpack("3?", "\0\1\7") }, { false, true, true })

local struct = require "struct"
local exceptions = require "exceptions"
local t = require "testing"

local header = struct.Struct("<4sH")
t.equal(header.format, "<4sH")
t.equal(header.size, 6)
t.equal(tostring(header), "Struct('<4sH')")
t.equal(header:pack("PK\3\4", 20), "PK\3\4\20\0")
t.equal({ header:unpack("PK\3\4\20\0") }, { "PK\3\4", 20 })
t.equal(struct.calcsize("llh0l"), 24)
t.equal(struct.calcsize("<llh"), 10)
t.equal(struct.calcsize(""), 0)
t.equal(struct.Struct:is(header), true)
t.raises(exceptions.AttributeError, "attribute 'size' of 'Struct' objects is not writable", function() header.size = 1 end)
t.equal(struct.Struct{format = ">I"}.size, 4)
t.raises(exceptions.TypeError, "Struct() got an unexpected named argument 'fmt' (known: format)", struct.Struct, {fmt = ">I"})

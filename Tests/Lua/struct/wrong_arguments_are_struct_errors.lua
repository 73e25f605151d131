local struct = require "struct"
local exceptions = require "exceptions"
local t = require "testing"

t.raises(struct.error, "pack expected 2 items for packing (got 1)", struct.pack, "<hh", 1)
t.raises(struct.error, "pack expected 1 items for packing (got 2)", struct.Struct("h").pack, struct.Struct("h"), 1, 2)
t.raises(struct.error, "bad argument #1 to 'pack' (string expected, got no value)", struct.pack)
t.raises(struct.error, "bad argument #1 to 'calcsize' (string expected, got number)", struct.calcsize, 5)
t.raises(struct.error, "bad argument #2 to 'unpack' (string expected, got table)", struct.unpack, "i", {})
t.raises(struct.error, "bad argument #1 to 'unpack' (string expected, got nil)", struct.Struct("i").unpack, struct.Struct("i"), nil)
t.raises(struct.error, "bad argument #1 to 'Struct' (string expected, got nil)", struct.Struct)
t.raises(struct.error, "bad char in struct format", struct.calcsize, "k")
t.raises(struct.error, "repeat count given without format specifier", struct.calcsize, "12")
t.raises(struct.error, "total struct size too long", struct.calcsize, "9223372036854775807q")
t.raises(struct.error, "bad char in struct format", struct.Struct, "<n")

local e = t.raises(struct.error, struct.pack, "b", 1000)
t.equal(e.class == struct.error, true)
t.equal(exceptions.Exception:is(e), true)
t.equal(exceptions.TypeError:is(e), false)
t.contains(e.traceback, "wrong_arguments_are_struct_errors.lua:17: in main chunk")
t.equal(tostring(struct.error), "<class 'struct.error'>")

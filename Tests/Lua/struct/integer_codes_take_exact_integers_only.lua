local struct = require "struct"
local t = require "testing"

t.equal(struct.pack("<h", 3.0), "\3\0")
t.equal(struct.pack("<q", 2.0 ^ 62), "\0\0\0\0\0\0\0\x40")
t.raises(struct.error, "bad argument #2 to 'pack' (required argument is not an integer, got 1.5)", struct.pack, "i", 1.5)
t.raises(struct.error, "bad argument #3 to 'pack' (required argument is not an integer, got string)", struct.pack, "2i", 1, "2")
t.raises(struct.error, "(required argument is not an integer, got nil)", struct.pack, "i", nil)
t.raises(struct.error, "(required argument is not a float, got string)", struct.pack, "d", "1")
t.raises(struct.error, "(argument for 's' must be a bytes object, got 12)", struct.pack, "2s", 12)
t.raises(struct.error, "(char format requires a bytes object of length 1, got boolean)", struct.pack, "c", true)

local struct = require "struct"
local t = require "testing"

local seen = {}
for number, name in struct.iter_unpack("<H2s", "\1\0ab\2\0cd\3\0ef") do seen[#seen + 1] = number .. name end
t.equal(seen, { "1ab", "2cd", "3ef" })

-- False is a value, not the end.
local count = 0
for flag in struct.iter_unpack("?", "\0\1\0") do count = count + 1 end
t.equal(count, 3)

for _ in struct.Struct("<H"):iter_unpack("") do error("an empty buffer has no record") end

-- The iterator works without a for, keeps the buffer alive, and stays at its end.
local next_record = struct.Struct("<H"):iter_unpack(("\5\0"):rep(1) .. "\6\0")
collectgarbage()
t.equal({ next_record(), next_record(), next_record(), next_record() }, { 5, 6 })

t.raises(struct.error, "iterative unpacking requires a buffer of a multiple of 4 bytes", struct.iter_unpack, "<I", "12345")
t.raises(struct.error, "cannot iteratively unpack with a struct of length 0", struct.iter_unpack, "", "")

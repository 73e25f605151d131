-- The program of Python's tutorial, section 11.3, on an archive that CPython wrote.
local t = require "testing"
local folder = ...
local path = folder .. "/myfile.zip"
t.python([[
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('one.txt', b'one ' * 100)
    z.writestr('folder/two.bin', bytes(range(256)))
    z.writestr('three', b'')]], path)
local lines = {}
local function print(...)
  local words = table.pack(...)
  for i = 1, words.n do words[i] = tostring(words[i]) end
  lines[#lines + 1] = table.concat(words, " ")
end
local function hex(n) return string.format("0x%x", n) end

local struct = require "struct"
local f = io.open(path, "rb")
local data = f:read("a")
f:close()
local start = 0
for i = 1, 3 do                      -- show the first 3 file headers
  start = start + 14
  local crc32, comp_size, uncomp_size, filenamesize, extra_size = struct.unpack('<IIIHH', data:sub(start + 1, start + 16))
  start = start + 16
  local filename = data:sub(start + 1, start + filenamesize)
  start = start + filenamesize
  local extra = data:sub(start + 1, start + extra_size)
  print(filename, hex(crc32), comp_size, uncomp_size)
  start = start + extra_size + comp_size   -- skip to the next header
end

t.equal(table.concat(lines, "\n"), t.python([[
import struct, sys
data = open(sys.argv[1], 'rb').read()
start = 0
for i in range(3):
    start += 14
    fields = struct.unpack('<IIIHH', data[start:start+16])
    crc32, comp_size, uncomp_size, filenamesize, extra_size = fields
    start += 16
    filename = data[start:start+filenamesize]
    start += filenamesize
    start += extra_size + comp_size
    print(filename.decode(), hex(crc32), comp_size, uncomp_size)]], path))

-- Reads the first headers of a ZIP archive with struct, as the Python tutorial does.
-- Run it as: nightjar run examples/zip_headers.lua ARCHIVE [COUNT]
local struct = require "struct"

local file <close> = assert(io.open(arg[1] or "myfile.zip", "rb"))
local data = file:read("a")

local start = 0
for _ = 1, tonumber(arg[2]) or 3 do -- show the first 3 file headers
  start = start + 14
  local crc32, comp_size, uncomp_size, filenamesize, extra_size = struct.unpack_from("<IIIHH", data, start)

  start = start + 16
  local filename = data:sub(start + 1, start + filenamesize)
  start = start + filenamesize
  print(filename, string.format("0x%x", crc32), comp_size, uncomp_size)

  start = start + extra_size + comp_size -- skip to the next header
end

local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/python.zip"
t.python([[
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    z.comment = b'from Python'
    info = zipfile.ZipInfo('größe.txt', (2001, 2, 3, 4, 5, 6))
    info.comment = b'a member'
    info.external_attr = 0o100640 << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    z.writestr(info, 'x' * 5000)
    z.mkdir('folder')
    z.writestr('plain', 'stored', zipfile.ZIP_STORED)]], path)
local z = zipfile.ZipFile(path)
t.equal(z.comment, "from Python")
t.equal(z.filename, path)
t.equal(z.mode, "r")
t.equal(z.debug, 0)
local info = z:getinfo("größe.txt")
t.equal(info.date_time, { 2001, 2, 3, 4, 5, 6 })
t.equal(info.comment, "a member")
t.equal(info.file_size, 5000)
t.equal(info.external_attr >> 16, tonumber("100640", 8))
t.equal(info.compress_type, zipfile.ZIP_DEFLATED)
t.equal(info:is_dir(), false)
t.equal(z:getinfo("folder/"):is_dir(), true)

-- Every attribute of every entry is what Python sees, and so is the repr.
local attributes = { "filename", "compress_type", "create_system", "create_version", "extract_version", "reserved", "flag_bits",
  "volume", "internal_attr", "external_attr", "header_offset", "CRC", "compress_size", "file_size", "orig_filename" }
local lines = {}
for _, entry in ipairs(z:infolist()) do
  for _, name in ipairs(attributes) do lines[#lines + 1] = name .. "=" .. tostring(entry[name]) end
  lines[#lines + 1] = tostring(entry)
end
t.equal(table.concat(lines, "\n"), t.python([[
import sys, zipfile
for info in zipfile.ZipFile(sys.argv[1]).infolist():
    for name in sys.argv[2:]: print(name + '=' + str(getattr(info, name)))
    print(info)]], path, table.unpack(attributes)))
z:close()

local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"

local info = zipfile.ZipInfo("tool.sh", { 2020, 12, 31, 23, 59, 58 })
info.external_attr = tonumber("100755", 8) << 16
info.compress_type = zipfile.ZIP_DEFLATED
info.compress_level = 9
info.comment = "runs"
info.create_system = 3
local z = zipfile.ZipFile(path, "w")
z:writestr(info, ("echo\n"):rep(100))
-- As in Python, writing fills the entry in, and it is the archive's own from then on.
t.equal(info.file_size, 500)
t.equal(info.CRC ~= 0, true)
t.equal(z:getinfo("tool.sh") == info, true)
t.equal(z:infolist()[1] == info, true)
local second = zipfile.ZipInfo{ filename = "second" }
local f = z:open(second, "w")
f:write("12345")
f:close()
t.equal(second.file_size, 5)
t.equal(second.header_offset > 0, true)
z:mkdir(zipfile.ZipInfo("folder/"))
t.raises(exceptions.ValueError, "The given ZipInfo does not describe a directory", z.mkdir, z, second)
z:close()
t.equal(t.python([[
import sys, zipfile
i = zipfile.ZipFile(sys.argv[1]).infolist()[0]
print(i, i.date_time, i.comment)]], path), tostring(info) .. " (2020, 12, 31, 23, 59, 58) b'runs'")
t.contains(tostring(info), "<ZipInfo filename='tool.sh' compress_type=deflate filemode='-rwxr-xr-x' file_size=500 compress_size=")

t.equal(zipfile.ZipInfo().filename, "NoName")
t.equal(zipfile.ZipInfo("a/"):is_dir(), true)
t.equal(zipfile.ZipInfo("cut\0off").filename, "cut")
t.equal(zipfile.ZipInfo("cut\0off").orig_filename, "cut\0off")
t.raises(exceptions.ValueError, "ZIP does not support timestamps before 1980", zipfile.ZipInfo, "a", { 1979, 1, 1, 0, 0, 0 })
t.raises(exceptions.TypeError, "bad argument #2 to 'ZipInfo' (array of 6 integers expected, got 3 of them)",
  zipfile.ZipInfo, "a", { 1980, 1, 1 })
t.raises(exceptions.AttributeError, "attribute 'CRC' of 'ZipInfo' objects is not writable", function() info.CRC = 1 end)
t.raises(exceptions.TypeError, function() info.volume = "x" end)

-- A new name for an entry is where it is extracted to.
local r <close> = zipfile.ZipFile(path)
r:getinfo("second").filename = "renamed"
t.equal(r:extract(r:getinfo("second"), folder .. "/out"), folder .. "/out/renamed")

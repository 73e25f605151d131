local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/it's.zip"
local z = zipfile.ZipFile(path, "w", 8, true, 6)
t.equal(tostring(z), "<zipfile.ZipFile filename=\"" .. path .. "\" mode='w'>")
t.equal({ z.compression, z.compresslevel }, { 8, 6 })
z:writestr("a", "x")
z:mkdir("d")
for _, info in ipairs(z:infolist()) do
  local mode = info:is_dir() and " filemode='drwxrwxrwx' external_attr=0x10" or " compress_type=deflate filemode='?rw-------'"
  t.contains(tostring(info), mode)
end
z.debug = 3
t.equal(z.debug, 3)
z:close()
t.equal(tostring(zipfile.ZipFile), "<class 'zipfile.ZipFile'>")
t.equal(tostring(zipfile.ZipLimitError), "<class 'zipfile.ZipLimitError'>")
t.equal({ zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_ZSTANDARD }, { 0, 8, 12, 14, 93 })
t.equal(zipfile.is_zipfile(path), true)

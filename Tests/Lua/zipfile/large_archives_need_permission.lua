local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local z = zipfile.ZipFile(folder .. "/a.zip", "w", { allowZip64 = false })
t.raises(require("exceptions").ValueError, "force_zip64 is True, but allowZip64 was False when opening the ZIP file.",
  z.open, z, "a", "w", { force_zip64 = true })
local info = zipfile.ZipInfo("huge")
info.file_size = 5 << 30
t.raises(zipfile.LargeZipFile, "Filesize would require ZIP64 extensions", z.open, z, info, "w")
z:writestr("small", "x")
z:close()
t.equal(zipfile.ZipFile(folder .. "/a.zip"):namelist(), { "small" })

local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"

t.raises(exceptions.TypeError, "bad argument #1 to 'ZipFile' (string expected, got nil)", zipfile.ZipFile)
t.raises(exceptions.TypeError, "bad argument #2 to 'ZipFile' (string expected, got number)", zipfile.ZipFile, path, 1)
t.raises(exceptions.ValueError, "ZipFile requires mode 'r', 'w', 'x', or 'a'", zipfile.ZipFile, path, "rw")
t.raises(exceptions.TypeError, "bad argument #1 to 'is_zipfile' (string expected, got table)", zipfile.is_zipfile, {})
t.raises(exceptions.ValueError, "Bad compression level: 10", zipfile.ZipFile, path, "w", 8, true, 10)
for _, method in ipairs { zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_ZSTANDARD, 99, -1, 1 << 20 } do
  t.raises(exceptions.NotImplementedError, "That compression method is not supported", zipfile.ZipFile, path, "w", method)
end
t.equal(t.names(folder), {}) -- none of these has left anything

local z = zipfile.ZipFile(path, "w")
t.raises(exceptions.TypeError, "bad argument #2 to 'writestr' (string expected, got number)", z.writestr, z, "a", 5)
t.raises(exceptions.TypeError, "bad argument #1 to 'writestr' (string or ZipInfo expected, got table)", z.writestr, z, { {} }, "")
t.raises(exceptions.TypeError, "bad argument #1 to 'writestr' (string or ZipInfo expected, got ZipFile)", z.writestr, z, z, "")
t.raises(exceptions.TypeError, "bad argument #1 to 'getinfo' (string expected, got no value)", z.getinfo, z)
t.raises(exceptions.TypeError, "calling 'close' on bad self (ZipFile expected, got string)", z.close, "z")
t.raises(exceptions.ValueError, "open() requires mode \"r\" or \"w\"", z.open, z, "a", "a")
t.raises(exceptions.ValueError, "pwd is only supported for reading files", z.open, z, "a", "w", "secret")
t.raises(exceptions.ValueError, "Empty filename.", z.writestr, z, "", "x")
t.raises(exceptions.TypeError, "comment: expected bytes, got number", function() z.comment = 5 end)
t.raises(exceptions.AttributeError, "attribute 'mode' of 'ZipFile' objects is not writable", function() z.mode = "r" end)
t.raises(exceptions.AttributeError, "no attribute 'coment' to set in 'ZipFile' objects", function() z.coment = "r" end)
t.equal(z.no_such_attribute, nil)
z:close()
local r = zipfile.ZipFile(path)
t.raises(exceptions.TypeError, "bad argument #2 to 'extractall' (field '[2]': string or ZipInfo expected, got number)",
  r.extractall, r, folder .. "/out", { r:infolist()[1] or "x", 5 })
t.raises(exceptions.TypeError, "bad argument #2 to 'extractall' (array of names expected, got string)", r.extractall, r, ".", "x")

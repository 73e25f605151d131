local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"
t.write(folder .. "/f", "data")

local z = zipfile.ZipFile{ file = path, mode = "w", compression = zipfile.ZIP_DEFLATED, compresslevel = 9, allowZip64 = true }
z:write(folder .. "/f", { arcname = "named", compress_type = zipfile.ZIP_STORED })
z:writestr{ zinfo_or_arcname = "str", data = "x" }
local f = z:open("w", "w", { force_zip64 = true })
f:write("big")
f:close()
z:close()
z = zipfile.ZipFile(path, { mode = "r", strict_timestamps = false })
t.equal(z:getinfo("named").compress_type, 0)
t.equal(z:getinfo("str").compress_type, 8)
t.equal(z:getinfo("w").extract_version, 45)
z:extractall{ path = folder .. "/out" }
t.equal(t.names(folder .. "/out"), { "named", "str", "w" })
z:extractall(folder .. "/some", { "str" }, { max_size = 100 })
t.equal(t.names(folder .. "/some"), { "str" })
z:extractall(folder .. "/none", {}) -- an empty list names no member

t.raises(exceptions.TypeError, "ZipFile() got an unexpected named argument 'compresion' (known: file, mode, compression, "
  .. "allowZip64, compresslevel, strict_timestamps)", zipfile.ZipFile, { file = path, compresion = 8 })
t.raises(exceptions.TypeError, "read() got an unexpected named argument 'maxsize'", z.read, z, "w", { maxsize = 1 })
t.raises(exceptions.TypeError, "open() got multiple values for argument 'mode'", z.open, z, "w", "r", { mode = "r" })
t.raises(exceptions.TypeError, "write() takes at most 4 positional arguments (5 given)", z.write, z, 1, 2, 3, 4, 5)
t.raises(exceptions.TypeError, "read() takes at most 2 positional arguments (3 given)", z.read, z, "w", nil, 10)

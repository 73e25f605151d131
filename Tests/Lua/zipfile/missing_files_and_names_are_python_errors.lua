local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...

local e = t.raises(exceptions.FileNotFoundError, "[Errno 2] No such file or directory: '" .. folder .. "/no.zip'",
  zipfile.ZipFile, folder .. "/no.zip")
t.equal(e.errno, 2)
t.equal(e.filename, folder .. "/no.zip")
t.equal(e.strerror, "No such file or directory")
t.equal(exceptions.OSError:is(e), true)
t.equal(zipfile.is_zipfile(folder .. "/no.zip"), false)
t.raises(exceptions.IsADirectoryError, "[Errno 21] Is a directory", zipfile.ZipFile, folder, "w")

-- A file where a folder should be: nobody can write there, root neither.
t.write(folder .. "/file", "")
t.raises(exceptions.NotADirectoryError, "[Errno 20] Not a directory: '" .. folder .. "/file/a.zip'", zipfile.ZipFile,
  folder .. "/file/a.zip", "w")
t.raises(exceptions.FileNotFoundError, "[Errno 2]", zipfile.ZipFile, folder .. "/nowhere/a.zip", "w")

local path = folder .. "/a.zip"
local z = zipfile.ZipFile(path, "w")
t.raises(exceptions.FileNotFoundError, "[Errno 2] No such file or directory: '" .. folder .. "/missing'", z.write, z,
  folder .. "/missing")
z:writestr("there", "x")
z:close()
local r <close> = zipfile.ZipFile(path)
t.equal(r:namelist(), { "there" })
local missing = t.raises(exceptions.KeyError, r.getinfo, r, "it's")
t.equal(tostring(missing), "There is no item named \"it's\" in the archive")
t.raises(exceptions.KeyError, "There is no item named 'x' in the archive", r.read, r, "x")
t.raises(exceptions.KeyError, "There is no item named 'x' in the archive", r.open, r, "x")
t.raises(exceptions.KeyError, "There is no item named 'x' in the archive", r.extract, r, "x")
t.raises(exceptions.KeyError, "There is no item named 'x' in the archive", r.extractall, r, folder, { "there", "x" })
t.equal(t.exists(folder .. "/there"), false)
t.raises(exceptions.ValueError, "write() requires mode 'w', 'x', or 'a'", r.writestr, r, "x", "y")
t.raises(exceptions.OSError, "[Errno 20]", r.extract, r, "there", folder .. "/file")

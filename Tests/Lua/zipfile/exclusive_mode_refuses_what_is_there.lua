local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"

local z = zipfile.ZipFile(path, "x")
z:writestr("a", "1")
z:close()
local before = t.read(path)
t.raises(exceptions.FileExistsError, "[Errno 17] File exists: '" .. path .. "'", zipfile.ZipFile, path, "x")
t.equal(t.read(path), before)

-- Somebody else took the name meanwhile: theirs stays.
local late = zipfile.ZipFile(folder .. "/b.zip", "x")
late:writestr("a", "1")
t.write(folder .. "/b.zip", "theirs")
t.raises(exceptions.FileExistsError, late.close, late)
t.equal(t.read(folder .. "/b.zip"), "theirs")
t.equal(t.names(folder), { "a.zip", "b.zip" })

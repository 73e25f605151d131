local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"

local z = zipfile.ZipFile(path, "w")
z:writestr("a", "x")
z:close()
t.equal(tostring(z), "<zipfile.ZipFile [closed]>")
t.raises(exceptions.ValueError, "Attempt to write to ZIP archive that was already closed", z.writestr, z, "b", "x")
t.raises(exceptions.ValueError, "Attempt to write to ZIP archive that was already closed", z.write, z, path)
local r = zipfile.ZipFile(path)
local member = r:open("a")
r:close()
r:close()
t.equal(member:read(), "x") -- as in Python, an open member outlives its archive
member:close()
t.raises(exceptions.ValueError, "read from closed file.", member.read, member)
t.raises(exceptions.ValueError, "Attempt to use ZIP archive that was already closed", r.open, r, "a")
t.raises(exceptions.ValueError, "Attempt to use ZIP archive that was already closed", r.read, r, "a")
t.raises(exceptions.ValueError, "Attempt to use ZIP archive that was already closed", r.testzip, r)
t.raises(exceptions.ValueError, "Attempt to use ZIP archive that was already closed", r.extractall, r, folder)
t.equal(r:namelist(), { "a" })

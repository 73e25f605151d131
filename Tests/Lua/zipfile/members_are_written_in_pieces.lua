local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"

local z = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
local f = z:open("log.txt", "w")
t.equal({ f.name, f.mode, f.closed }, { "log.txt", "wb", false })
t.equal(tostring(f), "<zipfile.ZipWriteFile name='log.txt' mode='wb'>")
t.equal(f:write("abc"), 3)
for i = 1, 200 do f:write(("line %d\n"):format(i):rep(10000)) end -- beyond what is kept in memory
t.raises(exceptions.ValueError, "Can't write to ZIP archive while an open writing handle exists", z.writestr, z, "b", "x")
t.raises(exceptions.ValueError, "Can't write to the ZIP file while there is another write handle open on it. "
  .. "Close the first handle before opening another.", z.open, z, "b", "w")
t.raises(exceptions.ValueError, "Can't close the ZIP file while there is an open writing handle on it. "
  .. "Close the writing handle before closing the zip.", z.close, z)
t.raises(exceptions.TypeError, "bad argument #1 to 'write' (string expected, got number)", f.write, f, 5)
t.equal(tostring(t.raises(exceptions.OSError, f.read, f)), "read")
f:close()
f:close()
t.raises(exceptions.ValueError, "I/O operation on closed file.", f.write, f, "x")

-- A member whose block fails is no member; the archive goes on.
t.raises("stop", pcall and function()
  local g <close> = z:open("half", "w")
  g:write("half of it")
  error("stop")
end)
do
  local g <close> = z:open("whole", "w")
  g:write("all of it")
end
z:close()
t.contains(t.shell("unzip -t '" .. path .. "'"), "No errors detected")
local r <close> = zipfile.ZipFile(path)
t.equal(r:namelist(), { "log.txt", "whole" })
local size = 3
for i = 1, 200 do size = size + #("line %d\n"):format(i) * 10000 end
t.equal(r:getinfo("log.txt").file_size, size)
t.equal(r:open("log.txt"):read(10), "abcline 1\n")

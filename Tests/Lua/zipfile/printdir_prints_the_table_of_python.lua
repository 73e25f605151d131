local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"
do
  local z <close> = zipfile.ZipFile(path, "w")
  z:writestr(zipfile.ZipInfo("größe.txt", { 1999, 1, 2, 3, 4, 6 }), ("x"):rep(12345))
  z:writestr(zipfile.ZipInfo(("long"):rep(20), { 2107, 12, 31, 23, 59, 58 }), "")
  z:mkdir("folder")
end
local lines = {}
function print(line) lines[#lines + 1] = line end
local z <close> = zipfile.ZipFile(path)
z:printdir()
t.equal(table.concat(lines, "\n"), t.python("import sys, zipfile; zipfile.ZipFile(sys.argv[1]).printdir()", path))

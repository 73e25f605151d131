local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path = folder .. "/broken.zip"

for _, data in ipairs { "", "not a zip file", ("x"):rep(100000) } do
  t.write(path, data)
  t.equal(zipfile.is_zipfile(path), false)
  local e = t.raises(zipfile.BadZipFile, "File is not a zip file", zipfile.ZipFile, path)
  t.equal(e.class == zipfile.BadZipFile, true)
  t.equal(zipfile.error:is(e) and zipfile.BadZipfile:is(e), true)
end

-- The error carries the place in the script.
local ok, e = pcall(function() return zipfile.ZipFile(path) end)
t.contains(e.traceback, "broken_archives_are_bad_zip_files.lua:16")

-- A flipped byte in a member's data.
local z <close> = zipfile.ZipFile(path, "w")
z:writestr("a.txt", ("some data "):rep(10))
z:close()
local data = t.read(path)
t.write(path, (data:gsub("some data ", "same data ", 1)))
local r <close> = zipfile.ZipFile(path)
t.equal(r:testzip(), "a.txt")
t.raises(zipfile.BadZipFile, "Bad CRC-32 for file 'a.txt'", r.read, r, "a.txt")
t.raises(zipfile.BadZipFile, "Bad CRC-32 for file 'a.txt'", r.extract, r, "a.txt", folder .. "/out")
t.equal(t.exists(folder .. "/out/a.txt"), false)

-- Cut anywhere, it is a Python error and nothing else.
for length = 0, #data - 1 do
  t.write(path, data:sub(1, length))
  t.equal(zipfile.is_zipfile(path), false)
  t.raises(zipfile.BadZipFile, zipfile.ZipFile, path)
end

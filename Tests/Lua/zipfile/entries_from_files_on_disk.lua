local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
t.write(folder .. "/f.txt", "12345")
t.shell(("chmod 640 '%s/f.txt'; touch -d '2015-06-07 08:09:10' '%s/f.txt'; mkdir '%s/d'; touch -d '1975-01-01' '%s/d'")
  :format(folder, folder, folder, folder))

local info = zipfile.ZipInfo.from_file(folder .. "/f.txt")
t.equal(info.filename, folder:sub(2) .. "/f.txt")
t.equal(info.date_time, { 2015, 6, 7, 8, 9, 10 })
t.equal(info.file_size, 5)
t.equal(tostring(info), t.python("import sys, zipfile; print(zipfile.ZipInfo.from_file(sys.argv[1]))", folder .. "/f.txt"))
t.equal(zipfile.ZipInfo.from_file(folder .. "/f.txt", "x/y").filename, "x/y")
t.equal(zipfile.ZipInfo.from_file(folder .. "/f.txt", { arcname = "z" }).filename, "z")
t.raises(exceptions.ValueError, "ZIP does not support timestamps before 1980", zipfile.ZipInfo.from_file, folder .. "/d")
local d = zipfile.ZipInfo.from_file(folder .. "/d", "d", { strict_timestamps = false })
t.equal({ d.filename, d:is_dir(), d.date_time[1] }, { "d/", true, 1980 })
t.raises(exceptions.FileNotFoundError, zipfile.ZipInfo.from_file, folder .. "/none")

local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/empty.zip"
zipfile.ZipFile(path, "w"):close()
t.equal(#t.read(path), 22)
t.equal(zipfile.is_zipfile(path), true)
local z <close> = zipfile.ZipFile(path)
t.equal(z:namelist(), {})
t.equal(z:testzip(), nil)
z:extractall(folder .. "/out")
t.equal(t.python("import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).namelist())", path), "[]")

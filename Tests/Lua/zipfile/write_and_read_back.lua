local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"
t.write(folder .. "/notes.txt", ("a line of text\n"):rep(1000))

local z = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
z:write(folder .. "/notes.txt", "docs/notes.txt")
z:writestr("data.bin", "\0\1\2\255")
z:mkdir("empty")
t.equal(t.exists(path), false) -- it has no name before it is complete
z:close()
z:close()

t.contains(t.shell("unzip -t '" .. path .. "'"), "No errors detected")
t.contains(t.shell("7z t '" .. path .. "'"), "Everything is Ok")
t.equal(t.python([[
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(z.testzip(), z.namelist(), z.read('data.bin'), len(z.read('docs/notes.txt')), z.getinfo('docs/notes.txt').compress_type,
      z.getinfo('empty/').is_dir())]], path), "None ['docs/notes.txt', 'data.bin', 'empty/'] b'\\x00\\x01\\x02\\xff' 15000 8 True")

local r <close> = zipfile.ZipFile(path)
t.equal(r:namelist(), { "docs/notes.txt", "data.bin", "empty/" })
t.equal(r:read("data.bin"), "\0\1\2\255")
t.equal(r:read("docs/notes.txt"), ("a line of text\n"):rep(1000))
t.equal(r:testzip(), nil)
t.equal(t.names(folder), { "a.zip", "notes.txt" })

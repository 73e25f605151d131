local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"
local warnings = {}
function warn(text) warnings[#warnings + 1] = text end

do
  local z <close> = zipfile.ZipFile(path, "w")
  z.comment = "first\0comment"
  t.equal(z.comment, "first\0comment")
end
do
  local z <close> = zipfile.ZipFile(path, "a")
  t.equal(z.comment, "first\0comment")
  z.comment = ("c"):rep(70000)
end
t.equal(#warnings, 1)
t.contains(warnings[1], "comments_are_kept_and_cut.lua:16: UserWarning: Archive comment is too long; truncating to 65535 bytes")
local z <close> = zipfile.ZipFile(path)
t.equal(#z.comment, 65535)
t.equal(t.python("import sys, zipfile; print(len(zipfile.ZipFile(sys.argv[1]).comment))", path), "65535")

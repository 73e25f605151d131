local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"
t.shell(("mkdir -p '%s/tree/empty' && chmod 750 '%s/tree/empty'"):format(folder, folder))
do
  local z <close> = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
  z:write(folder .. "/tree/empty", "empty")
  z:mkdir("made", tonumber("700", 8))
  z:mkdir("made/slash/")
  z:writestr("str/", "")
end
t.equal(t.python([[
import stat, sys, zipfile
for i in zipfile.ZipFile(sys.argv[1]).infolist():
    print(i.filename, i.is_dir(), stat.filemode(i.external_attr >> 16), i.external_attr & 0xffff, i.compress_type)]], path),
  "empty/ True drwxr-x--- 16 0\nmade/ True drwx------ 16 0\nmade/slash/ True drwxrwxrwx 16 0\nstr/ True drwxrwxr-x 16 8")

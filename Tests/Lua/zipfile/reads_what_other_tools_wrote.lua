local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
t.write(folder .. "/one.txt", ("one\n"):rep(500))
t.write(folder .. "/two.txt", "two")
t.shell(("cd '%s' && zip -q zip.zip one.txt two.txt && 7z a -tzip 7z.zip one.txt two.txt && python3 -m zipfile -c python.zip one.txt two.txt")
  :format(folder))
for _, name in ipairs { "zip.zip", "7z.zip", "python.zip" } do
  local z <close> = zipfile.ZipFile(folder .. "/" .. name)
  t.equal(z:namelist(), { "one.txt", "two.txt" }, name)
  t.equal(z:read("one.txt"), ("one\n"):rep(500), name)
  t.equal(z:testzip(), nil, name)
end

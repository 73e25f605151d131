local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"

for i = 1, 3 do
  local z <close> = zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED)
  z:writestr("member" .. i, ("text "):rep(i))
  t.equal(#z:namelist(), i)
  t.equal(z:read("member1"), "text ") -- reading while appending
end
t.equal(t.python("import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())", path),
  "None ['member1', 'member2', 'member3']")

-- A file that is no archive gets one behind it.
t.write(folder .. "/run.sh", "#!/bin/sh\nexit\n")
do
  local z <close> = zipfile.ZipFile(folder .. "/run.sh", "a")
  z:writestr("inside", "x")
end
t.equal(t.read(folder .. "/run.sh"):sub(1, 15), "#!/bin/sh\nexit\n")
t.equal(t.python("import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('inside'))", folder .. "/run.sh"), "b'x'")

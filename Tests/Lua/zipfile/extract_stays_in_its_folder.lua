local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path, out = folder .. "/a.zip", folder .. "/out"
do
  local z <close> = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
  z:writestr("../../up.txt", "up")
  z:writestr("/abs/olute.txt", "abs")
  z:writestr("a/./b/../c.txt", "c")
  z:mkdir("d/e")
end
local z <close> = zipfile.ZipFile(path)
t.equal(z:extract("../../up.txt", out), out .. "/up.txt")
t.equal(t.read(out .. "/up.txt"), "up")
z:extractall(out)
t.equal(t.shell("cd '" .. out .. "' && find . -type f | sort"), "./a/b/c.txt\n./abs/olute.txt\n./up.txt")
t.equal(t.names(out .. "/d"), { "e" })
t.equal(t.names(folder), { "a.zip", "out" })

-- Names and entries together.
z:extractall(folder .. "/some", { z:getinfo("/abs/olute.txt"), "../../up.txt" })
t.equal(t.names(folder .. "/some"), { "abs", "up.txt" })
t.raises(exceptions.ValueError, "Empty filename.", function()
  local w <close> = zipfile.ZipFile(folder .. "/dots.zip", "w")
  w:writestr("..", "x")
  w:close()
  zipfile.ZipFile(folder .. "/dots.zip"):extract("..", out)
end)

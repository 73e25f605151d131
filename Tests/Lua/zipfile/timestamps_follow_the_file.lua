local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"
t.write(folder .. "/old", "x")
t.shell("touch -d '1970-05-05' '" .. folder .. "/old'")
t.raises(exceptions.ValueError, "ZIP does not support timestamps before 1980", function()
  local z <close> = zipfile.ZipFile(path, "w")
  z:write(folder .. "/old")
end)
t.equal(t.names(folder), { "old" })
do
  local z <close> = zipfile.ZipFile(path, "w", { strict_timestamps = false })
  z:write(folder .. "/old", "old")
  z:writestr("now", "x")
end
local z <close> = zipfile.ZipFile(path)
t.equal(z:getinfo("old").date_time, { 1980, 1, 1, 0, 0, 0 })
t.equal(z:getinfo("now").date_time[1] >= 2024, true)

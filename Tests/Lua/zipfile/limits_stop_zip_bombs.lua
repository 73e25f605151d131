local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path, out = folder .. "/bomb.zip", folder .. "/out"
t.python([[
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('zeros', bytes(4 << 20))
    z.writestr('a', 'a' * 100)
    z.writestr('b', 'b' * 100)]], path)
local z <close> = zipfile.ZipFile(path)

local e = t.raises(zipfile.ZipLimitError, "more than max_ratio 250.0 (possible zip bomb)", z.read, z, "zeros")
t.equal(zipfile.BadZipFile:is(e), true)
t.raises(zipfile.ZipLimitError, z.extractall, z, out)
t.raises(zipfile.ZipLimitError, z.extract, z, "zeros", out)
t.equal(t.exists(out .. "/a"), false)
t.equal(#z:read("zeros", { max_ratio = 2000 }), 4 << 20)
t.equal(#z:read("zeros", { max_ratio = math.huge, max_size = math.huge }), 4 << 20)
t.raises(zipfile.ZipLimitError, "File 'a' has 100 bytes, more than max_size 99", z.read, z, "a", { max_size = 99 })
t.raises(zipfile.ZipLimitError, "Archive has more than max_size 150 bytes of data", z.extractall, z, out, { "a", "b" },
  { max_size = 150 })
t.raises(zipfile.ZipLimitError, "Archive has 3 members, more than max_members 2", z.extractall, z, out, { max_members = 2 })
t.raises(zipfile.ZipLimitError, "Archive has 2 members, more than max_members 1", z.extractall, z, out,
  { z:getinfo("a"), "b" }, { max_members = 1 })
t.raises(zipfile.ZipLimitError, "Archive has more than max_size 150 bytes of data", z.extractall, z, out,
  { z:getinfo("a"), "b" }, { max_size = 150 })
t.raises(exceptions.TypeError, "integer expected, got 1.5", z.read, z, "a", { max_size = 1.5 })
z:extractall(out, { "a", "b" }, { max_size = 200, max_members = 2 })
t.equal(t.names(out), { "a", "b" })

local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"

local function write(mode, fail, name)
  local z <close> = zipfile.ZipFile(path, mode)
  z:writestr(name or "new", ("data"):rep(100))
  if fail then error("in the block") end
end

-- Nothing was there: nothing is.
t.raises("in the block", write, "w", true)
t.raises("in the block", write, "x", true)
t.raises("in the block", write, "a", true)
t.equal(t.names(folder), {})

-- Without an error it is finished.
write("w", false)
t.contains(t.shell("unzip -t '" .. path .. "'"), "No errors detected")
local before = t.read(path)

t.raises("in the block", write, "w", true)
t.equal(t.read(path), before)
t.raises("in the block", write, "a", true, "other")
t.equal(t.read(path), before)
t.equal(t.names(folder), { "a.zip" })

write("a", false, "second")
local r <close> = zipfile.ZipFile(path)
t.equal(r:namelist(), { "new", "second" })

-- The error goes on as it was, and a return is no error.
local value = {}
local ok, e = pcall(function()
  local z <close> = zipfile.ZipFile(folder .. "/b.zip", "w")
  error(value)
end)
t.equal(e == value, true)
local function returns()
  local z <close> = zipfile.ZipFile(folder .. "/b.zip", "w")
  z:writestr("a", "")
  return #z:namelist()
end
t.equal(returns(), 1)
t.equal(zipfile.is_zipfile(folder .. "/b.zip"), true)

local zipfile = require "zipfile"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"

do
  local z = zipfile.ZipFile(path, "w")
  local member = z:open("streamed", "w")
  member:write("not closed either")
  z = nil
end
collectgarbage()
collectgarbage()
local r = zipfile.ZipFile(path)
t.equal(r:read("streamed"), "not closed either")
t.equal(t.names(folder), { "a.zip" })

-- One opened for reading gives its file back.
local function descriptors() return tonumber(t.shell("ls -l /proc/$PPID/fd 2>/dev/null | grep -c '" .. path .. "' || true")) end
r = nil
for _ = 1, 50 do zipfile.ZipFile(path):open("streamed") end
collectgarbage()
collectgarbage()
t.equal(descriptors(), 0)
local held = zipfile.ZipFile(path)
t.equal(descriptors(), 1)
held:close()
t.equal(descriptors(), 0)

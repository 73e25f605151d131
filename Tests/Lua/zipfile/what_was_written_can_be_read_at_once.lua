local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local z <close> = zipfile.ZipFile(folder .. "/a.zip", "w", zipfile.ZIP_DEFLATED)
z:writestr("a", ("x"):rep(1000))
t.equal(z:read("a"), ("x"):rep(1000))
local f = z:open("b", "w")
t.raises(exceptions.ValueError, "Can't read from the ZIP file while there is an open writing handle on it. "
  .. "Close the writing handle before trying to read.", z.read, z, "a")
f:write("y")
f:close()
t.equal(z:open("b"):read(), "y")
t.equal(z:testzip(), nil)
z:extractall(folder .. "/out")
t.equal(t.names(folder .. "/out"), { "a", "b" })

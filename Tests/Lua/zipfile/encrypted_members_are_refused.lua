local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
t.write(folder .. "/secret.txt", "secret")
t.shell(("cd '%s' && zip -q -P password a.zip secret.txt"):format(folder))
local z <close> = zipfile.ZipFile(folder .. "/a.zip")
t.equal(z:namelist(), { "secret.txt" })
t.raises(exceptions.RuntimeError, "File 'secret.txt' is encrypted, password required for extraction", z.read, z, "secret.txt")
t.raises(exceptions.NotImplementedError, "File 'secret.txt' is encrypted; decryption is not supported", z.read, z, "secret.txt", "password")
t.raises(exceptions.NotImplementedError, z.open, z, "secret.txt", "r", "password")
t.raises(exceptions.NotImplementedError, z.extractall, z, folder .. "/out", nil, "password")
t.equal(t.exists(folder .. "/out"), false)

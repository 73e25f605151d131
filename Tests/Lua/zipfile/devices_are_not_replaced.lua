local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"

-- A new archive takes the place of what has its name: for a device that would be a loss for everyone.
t.raises(exceptions.OSError, "[Errno 22] Invalid argument: '/dev/full'", zipfile.ZipFile, "/dev/full", "w")
t.equal(t.shell("test -c /dev/full && echo there"), "there")
t.equal(zipfile.is_zipfile("/dev/null"), false)
t.raises(zipfile.BadZipFile, "File is not a zip file", zipfile.ZipFile, "/dev/null")

local zipfile = require "zipfile"
local exceptions = require "exceptions"
local t = require "testing"
local folder = ...
local path = folder .. "/a.zip"
local text = "first\nsecond\n\nlast without newline"
do
  local z <close> = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
  z:writestr("a.txt", text)
  z:writestr("empty", "")
  z:writestr("large", ("0123456789"):rep(100000))
end

local z <close> = zipfile.ZipFile(path)
local lines = {}
for line in z:open("a.txt") do lines[#lines + 1] = line end
t.equal(lines, { "first\n", "second\n", "\n", "last without newline" })
for _ in z:open("empty") do error("there is no line") end

local f <close> = z:open("a.txt")
t.equal(f.name, "a.txt")
t.equal(f.mode, "rb")
t.equal(f.closed, false)
t.equal(tostring(f), "<zipfile.ZipExtFile name='a.txt' mode='rb' compress_type=deflate>")
t.equal({ f:readable(), f:seekable(), f:writable() }, { true, true, false })
t.equal(f:readline(), "first\n")
t.equal(f:readline(3), "sec")
t.equal(f:tell(), 9)
t.equal(f:read(4), "ond\n")
t.equal(f:read(), "\nlast without newline")
t.equal(f:read(), "")
t.equal(f:read(5), "")
t.equal(f:readline(), "")
t.equal(f:seek(6), 6)
t.equal(f:readline(), "second\n")
t.equal(f:seek(-7, 2), #text - 7)
t.equal(f:read(), "newline")
t.equal(f:seek(-4, 1), #text - 4)
t.equal(f:read(-1), "line")
t.equal(f:seek(1000000), #text)
t.equal(f:seek(-5), 0)
t.equal(f:readlines(), { "first\n", "second\n", "\n", "last without newline" })
f:seek(0)
t.equal(f:readlines(7), { "first\n", "second\n" })
t.raises(exceptions.ValueError, "whence must be os.SEEK_SET (0), os.SEEK_CUR (1), or os.SEEK_END (2)", f.seek, f, 0, 3)
t.equal(tostring(t.raises(exceptions.OSError, f.write, f, "x")), "write")
f:close()
f:close()
t.equal(f.closed, true)
t.equal(tostring(f), "<zipfile.ZipExtFile [closed]>")
t.raises(exceptions.ValueError, "I/O operation on closed file.", f.readline, f)
t.raises(exceptions.ValueError, "tell on closed file.", f.tell, f)
t.raises(exceptions.ValueError, "seek on closed file.", f.seek, f, 0)

local large <close> = z:open("large")
large:seek(999990)
t.equal(large:read(20), "0123456789")
large:seek(3)
t.equal(large:read(3), "345")

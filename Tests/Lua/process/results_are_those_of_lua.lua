-- os.execute and io.popen give what Lua's own give.
local testing = require "testing"
local folder = ...

local function all(...) return table.pack(...) end
local cases = {
  { "true", true, "exit", 0 },
  { "exit 3", nil, "exit", 3 },
  { "no_such_command_at_all 2>/dev/null", nil, "exit", 127 },
  { "kill -s KILL $$", nil, "signal", 9 },
  { "kill -s INT $$", nil, "signal", 2 },
  { "", true, "exit", 0 },
}
for _, case in ipairs(cases) do
  local command, ok, what, code = table.unpack(case, 1, 4)
  local executed, closed = all(os.execute(command)), all(io.popen(command):close())
  for _, found in ipairs { executed, closed } do
    testing.equal({ found.n, found[1], found[2], found[3] }, { 3, ok, what, code }, command)
  end
end
testing.equal(os.execute(), true)

-- A stream is a file like others.
local reading = io.popen("printf 'one\\ntwo\\n3'")
testing.equal({ io.type(reading), reading:read("l", "L", "n") }, { "file", "one", "two\n", 3 })
testing.equal(tostring(reading):find("^file %(0x") ~= nil, true)
testing.equal({ reading:close() }, { true, "exit", 0 })
testing.equal({ io.type(reading), tostring(reading) }, { "closed file", "file (closed)" })
testing.raises("closed file", reading.close, reading)
local lines = {}
for line in io.popen("echo a; echo b"):lines() do lines[#lines + 1] = line end
testing.equal(lines, { "a", "b" })
do
  local writing <close> = io.popen("cat > '" .. folder .. "/written'", "w")
  writing:write("some", 1, "text")
end
testing.equal(testing.read(folder .. "/written"), "some1text")

-- What the script has written to its files is there for the child.
local file = io.open(folder .. "/buffered", "w")
file:write("buffered")
io.output(folder .. "/output"):write("output")
testing.equal(testing.shell("cat '" .. folder .. "/buffered' '" .. folder .. "/output'"), "bufferedoutput")
io.close()
io.output(io.stdout)

testing.raises("bad argument #2 to 'io.popen' (invalid mode)", io.popen, "true", "rw")
testing.raises("bad argument #1 to 'io.popen' (string expected, got no value)", io.popen)
testing.raises("bad argument #1 to 'os.execute' (string expected, got table)", os.execute, {})
testing.raises("bad argument #2 to 'io.open' (invalid mode)", io.open, folder .. "/x", "rw")
testing.raises("bad argument #1 to 'io.open' (string expected, got no value)", io.open)
testing.equal({ io.open(folder .. "/missing") }, { nil, folder .. "/missing: No such file or directory", 2 })

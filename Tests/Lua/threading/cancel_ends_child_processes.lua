-- A child that a script waits for ends with it: also what the child has started, also if it ignores being asked.
local testing = require "testing"
local threading = require "threading"

local folder = ...
local function alive(pid) return os.execute("kill -0 " .. pid .. " 2>/dev/null") == true end
local function gone(pid)
  -- A child that ignores SIGTERM has a second.
  for _ = 1, 3000 do
    if not alive(pid) then return true end
    threading.Event():wait(0.005)
  end
end
local function pid(name)
  local path = folder .. "/" .. name
  for _ = 1, 3000 do
    local text = testing.exists(path) and testing.read(path)
    if text and text:find("\n") then return text:match("%d+") end
    threading.Event():wait(0.005)
  end
  error("no " .. path)
end

local write_ids = "echo $$ > shell; sh -c 'echo $$ > inner; exec sleep 1000'; echo never > ran"
local ways = {
  execute = function(command) os.execute(command) end,
  read = function(command) io.popen(command):read("a") end,
  lines = function(command) for _ in io.popen(command):lines() do end end,
  close = function(command) io.popen(command):close() end,
  to_be_closed = function(command) local p <close> = io.popen(command) end,
  write = function(command) local p <close> = io.popen(command, "w") while true do p:write(("x"):rep(1000)) end end,
}
for name, body in pairs(ways) do
  for _, trap in ipairs { "", "trap '' TERM; " } do
    local thread = threading.Thread { target = body, args = { "cd '" .. folder .. "'; " .. trap .. write_ids }, name = name }
    thread:start()
    local shell, inner = pid("shell"), pid("inner")
    thread:cancel()
    thread:join()
    testing.equal(thread.state, "cancelled", name)
    testing.equal({ gone(shell), gone(inner), testing.exists(folder .. "/ran") }, { true, true, false }, name)
    testing.shell("cd '" .. folder .. "'; rm -f shell inner")
  end
end

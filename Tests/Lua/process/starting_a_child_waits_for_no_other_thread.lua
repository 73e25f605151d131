-- Threads that are blocked in a read or a write do not keep others from starting children.
local testing = require "testing"
local threading = require "threading"

local folder = ...
testing.shell("mkfifo '" .. folder .. "/fifo'")
local held = io.open(folder .. "/fifo", "r+")
local function read() io.open(folder .. "/fifo"):read() end
local function write() local p = io.popen("sleep 1000", "w") while true do p:write(("x"):rep(10000)) end end
local blocked = {}
for i, body in ipairs { read, write } do
  blocked[i] = threading.Thread { target = body, daemon = true }
  blocked[i]:start()
end
threading.Event():wait(0.05)
for _ = 1, 5 do testing.equal(io.popen("echo here"):read(), "here") end
testing.equal(os.execute("true"), true)
for _, thread in ipairs(blocked) do
  thread:cancel()
  thread:join()
end
held:close()

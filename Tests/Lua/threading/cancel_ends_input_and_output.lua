-- A thread that is blocked in a read or a write of the system ends, also if it begins to block at the moment it is cancelled.
local testing = require "testing"
local threading = require "threading"

local folder = ...
for _, name in ipairs { "fifo", "full", "other" } do testing.shell("mkfifo '" .. folder .. "/" .. name .. "'") end
-- Somebody has the other ends open and neither reads nor writes.
local held, full = io.open(folder .. "/fifo", "r+"), io.open(folder .. "/full", "r+")

local ways = {
  read = function() io.open(folder .. "/fifo"):read() end,
  read_all = function() io.open(folder .. "/fifo"):read("a") end,
  lines = function() for _ in io.lines(folder .. "/fifo") do end end,
  default_input = function() io.input(folder .. "/fifo") io.read("n") end,
  open = function() io.open(folder .. "/other") end,
  load_file = function() loadfile(folder .. "/fifo") end,
  do_file = function() dofile(folder .. "/fifo") end,
  write = function()
    local file = io.open(folder .. "/full", "w")
    while true do file:write(("x"):rep(10000)) end
  end,
  endless_file = function() io.open("/dev/zero"):read("a") end,
  endless_reader = function() load(io.popen("yes ''"):lines("L")) end,
}
for round = 1, 3 do
  for name, body in pairs(ways) do
    local started, closed = threading.Event(), threading.Event()
    local function run()
      local x <close> = setmetatable({}, { __close = function() closed:set() end })
      started:set()
      body()
    end
    local thread = threading.Thread { target = run, name = name }
    thread:start()
    started:wait()
    if round > 1 then threading.Event():wait(0.01 * round) end
    thread:cancel(60)
    thread:join()
    testing.equal({ thread.state, closed:is_set() }, { "cancelled", true }, name)
  end
end
held:close()
full:close()

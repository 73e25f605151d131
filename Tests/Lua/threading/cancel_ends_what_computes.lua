-- Whatever a thread computes in, cancelling ends it, and nothing that catches errors stops that.
local testing = require "testing"
local threading = require "threading"

local function endless() while true do end end
local function with(event, body) return setmetatable({}, { [event] = body }) end

local ways = {
  loop = endless,
  goto_loop = function() ::again:: goto again end,
  repeat_loop = function() repeat until false end,
  tail_calls = function() local function f() return f() end f() end,
  deep_recursion = function() local function f() f() f() end while true do pcall(f) end end,
  pcall = function() while true do pcall(endless) end end,
  pcall_of_pcall = function() while true do pcall(pcall, pcall, endless) end end,
  xpcall = function() while true do xpcall(endless, function() return "caught" end) end end,
  xpcall_handler = function() while true do xpcall(error, endless) end end,
  errors = function() while true do pcall(error, {}) end end,
  wrap = function() while true do pcall(coroutine.wrap(endless)) end end,
  resume = function() while true do coroutine.resume(coroutine.create(endless)) end end,
  generator = function() for _ in coroutine.wrap(function() while true do coroutine.yield(1) end end) do end end,
  nested_coroutines = function()
    local function down(n) if n == 0 then endless() else coroutine.wrap(down)(n - 1) end end
    while true do pcall(down, 50) end
  end,
  sort = function() table.sort({ 3, 1, 2 }, endless) end,
  gsub = function() (("x"):rep(100)):gsub(".", endless) end,
  gsub_many = function() while true do (("x"):rep(1000)):gsub(".", function() pcall(error) end) end end,
  load_reader = function() while true do load(endless) end end,
  load_reader_in_c = function() load(io.lines("/dev/zero", 0)) while true do load(coroutine.wrap(endless)) end end,
  index = function() return with("__index", endless).x end,
  newindex = function() with("__newindex", endless).x = 1 end,
  tostring = function() tostring(with("__tostring", endless)) end,
  length = function() return #with("__len", endless) end,
  concat = function() return with("__concat", endless) .. "" end,
  less_than = function() return with("__lt", endless) < 1 end,
  call = function() with("__call", endless)() end,
  pairs = function() for _ in pairs(with("__pairs", endless)) do end end,
  tables = function() local t = {} while true do t[#t + 1 & 1023] = {} end end,
  strings = function() local s = "" while true do s = (s .. "x"):sub(-1000) end end,
  error_value_tostring = function() error(with("__tostring", endless)) end,
  debug_hook = function() while true do debug.sethook() end end,
  error_in_close = function()
    while true do
      pcall(function() local x <close> = with("__close", function() error("no") end) endless() end)
    end
  end,
}
for name, body in pairs(ways) do
  local started = threading.Event()
  local function run()
    started:set()
    body()
  end
  local thread = threading.Thread { target = run, name = name }
  thread:start()
  started:wait()
  testing.equal(thread:cancel(), true, name)
  thread:join()
  testing.equal(thread.state, "cancelled", name)
  testing.raises(threading.CancelledError, "was cancelled", thread.result, thread)
end

-- A __close handler that runs when the thread is cancelled comes to its end first, however it was reached.
local testing = require "testing"
local threading = require "threading"

local function handler(inside, go_on, ended)
  return setmetatable({}, {
    __close = function()
      inside:set()
      for _ = 1, 1000000 do end
      go_on:wait()
      for _ = 1, 1000 do pcall(function() coroutine.wrap(function() end)() end) end
      ended:set()
    end,
  })
end

local ways = {
  end_of_block = function(...) do local x <close> = handler(...) end while true do end end,
  loop = function(...) for _ in function() end, nil, nil, handler(...) do end while true do end end,
  error_on_its_way = function(...)
    local x = handler(...)
    pcall(function() local y <close> = x error("x") end)
    while true do end
  end,
  coroutine = function(...)
    local x = handler(...)
    coroutine.wrap(function() local y <close> = x end)()
    while true do end
  end,
  closed_coroutine = function(...)
    local x = handler(...)
    local co = coroutine.create(function() local y <close> = x coroutine.yield() end)
    coroutine.resume(co)
    coroutine.close(co)
    while true do end
  end,
  variable_arguments = function(inside, go_on, ended)
    do
      local x <close> = setmetatable({}, { __close = function(...) inside:set() go_on:wait() ended:set() end })
    end
    while true do end
  end,
}
for name, body in pairs(ways) do
  local inside, go_on, ended = threading.Event(), threading.Event(), threading.Event()
  local thread = threading.Thread { target = body, args = { inside, go_on, ended }, name = name }
  thread:start()
  inside:wait()
  thread:cancel(60)
  thread:join(0.03)
  testing.equal({ thread.state, ended:is_set() }, { "running", false }, name)
  go_on:set()
  thread:join()
  testing.equal({ thread.state, ended:is_set() }, { "cancelled", true }, name)
end

-- The configuration of the Host example: levels, a handler, a filter written here, and a background task.
local logging = require "logging"
local threading = require "threading"

local root = logging.getLogger()
root:setLevel(logging.INFO)

local file = logging.FileHandler(log_path(), "w")
file:setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(threadName)s:%(message)s"))
file:addFilter(function(record) return not record:getMessage():find("password") end)
root:addHandler(file)

-- Runs beside the program, in an interpreter of its own; `inventory` is the program's object, not a copy.
local function watch()
  local log = logging.getLogger("app.watch")
  local wait = threading.Event()
  while not is_busy(inventory.count) do wait:wait(0.01) end
  log:info("busy: more than 3 items")
end
threading.Thread { target = watch, name = "watch" }:start()

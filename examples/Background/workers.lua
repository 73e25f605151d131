-- What becomes of the program's jobs: edit it and start the program again, nothing is compiled anew.
local threading = require "threading"

local function work()
  for job in jobs:items() do results:put { id = job.id, length = #job.word } end
end
for number = 1, 2 do
  threading.Thread { target = work, name = "worker-" .. number }:start()
end

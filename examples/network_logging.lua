-- Logs that leave the machine: `nightjar run network_logging.lua <port>` sends lines of JSON to a receiver on this machine, such as
-- `nc -lk 9020`. While nobody is there the program goes on; the records wait, and a handler of the script's gets what is left over.
local logging = require "logging"
local handlers = require "logging.handlers"
local port = tonumber((...)) or handlers.DEFAULT_TCP_LOGGING_PORT

local leftover = handlers.MemoryHandler { capacity = 1000, flushLevel = "CRITICAL" }
local sender = handlers.SocketHandler {
  host = "localhost", port = port,
  async = { capacity = 1000, flush_interval = 0.1 },    -- room for so many records, sent together
  retry = { attempts = 3, initial = 0.05 },             -- then they go to the fallback
  fallback = leftover,
}
local log = logging.getLogger("shop")
log:setLevel("INFO")
log:addHandler(sender)

for order = 1, 3 do log:info("order %d paid", order, { order = order, amount = 10 * order }) end
log:error("no paper left", { printer = "warehouse" })

sender:flush()                                          -- waits for delivery, not for ever
local stats = sender:stats()
print("delivered " .. stats.delivered .. ", left over " .. #leftover.buffer)

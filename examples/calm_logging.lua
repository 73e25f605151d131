-- A log that stays readable and costs its callers little: a queue of its own, no floods, and the details when something breaks.
local logging = require "logging"

require("logging.config").dictConfig {
  version = 1,
  formatters = { plain = { format = "%(levelname)-7s %(name)s: %(message)s" } },
  filters = { same = { ["()"] = "logging.DuplicateFilter", interval = 60 } },
  handlers = {
    out = {
      class = "logging.StreamHandler", stream = "ext://sys.stdout", formatter = "plain", filters = { "same" },
      async = { capacity = 1000, overflow = "drop_oldest" },
    },
    -- DEBUG records are kept, and written when an error comes.
    history = { class = "logging.handlers.BacktraceHandler", capacity = 3, target = "out" },
  },
  root = { level = "DEBUG", handlers = { "history" } },
}

local log = logging.getLogger("shop")
log:info("open")
for _ = 1, 40 do log:warning("the door is stuck") end
for i = 1, 10 do log:debug("customer %d pays", i) end
log:error("the till is empty")

logging.getHandlerByName("out"):flush()
local counts = logging.stats().out
print(string.format("%d delivered, %d filtered", counts.delivered, counts.filtered))

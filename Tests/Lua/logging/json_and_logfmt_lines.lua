local testing = require "testing"
local logging = require "logging"

local record = logging.makeLogRecord {
  name = "app.db", levelname = "INFO", levelno = 20, msg = "took %d ms", args = { 5 }, created = 1704164645.678901,
  order = 7, user = "Ann Lee",
}
local json = logging.JSONFormatter { utc = true }
testing.equal(json:format(record),
  '{"time":"2024-01-02T03:04:05.678901Z","level":"INFO","logger":"app.db","message":"took 5 ms","order":7,"user":"Ann Lee"}')
local logfmt = logging.LogfmtFormatter { utc = true }
testing.equal(logfmt:format(record),
  'time=2024-01-02T03:04:05.678901Z level=info logger=app.db msg="took 5 ms" order=7 user="Ann Lee"')

-- Keys choose, order and rename.
testing.equal(logging.JSONFormatter { keys = { "message", { "level", "severity" } } }:format(record),
  '{"message":"took 5 ms","severity":"INFO"}')
testing.equal(logging.JSONFormatter({ "order", "fields" }):format(record), '{"order":7,"user":"Ann Lee"}')
testing.contains(logging.JSONFormatter { keys = { message = "msg" } }:format(record), '"msg":"took 5 ms"')
testing.raises("keys must be a list", logging.JSONFormatter, { keys = { 1 } })
testing.raises(require "exceptions".TypeError, "unexpected named argument 'kes'", logging.JSONFormatter, { kes = {} })

-- A line break in data does not end the line.
local attack = logging.makeLogRecord { msg = "a\nlevel=ERROR\r\27[31m", who = "x\ny z=1" }
testing.equal(json:format(attack):find("[\r\n\27]"), nil)
testing.equal(logfmt:format(attack):find("[\r\n\27]"), nil)

-- Subclasses call the parent's method.
local Wrapped = logging.JSONFormatter:subclass("Wrapped")
function Wrapped:format(record) return "<" .. Wrapped.super.format(self, record) .. ">" end
testing.equal(Wrapped { keys = { "message" } }:format(record), '<{"message":"took 5 ms"}>')

local handler = logging.StreamHandler(io.stderr)
handler:setFormatter(logging.JSONFormatter { keys = { "level", "message", "fields" } })
local log = logging.getLogger("json")
log:addHandler(handler)
log.propagate = false
log:warning("disk at %d%%", 91, { disk = "sda", tags = { "a", "b" }, deep = { k = false } })
log:exception("failed", { exc_info = "oops" })
handler:setFormatter(Wrapped { keys = { "message" } })
log:warning("from its cell")

-- A field with the name of a standard key is kept under a name of its own, and no name comes twice.
do
  local clash = logging.makeLogRecord { name = "app", levelname = "INFO", msg = "m", created = 0 }
  clash.fields = { time = 5, level = "low" }
  local line = json:format(clash)
  testing.contains(line, '"fields.time":5')
  testing.contains(line, '"fields.level":"low"')
  testing.equal(select(2, line:gsub('"time":', "")), 1)
  testing.contains(logfmt:format(clash), " fields.level=low")

  -- Nor is a new name of a standard key hidden by a field that has it.
  clash.fields = { ts = 1, order = 2, id = 3 }
  line = logging.JSONFormatter { keys = { time = "ts", order = "id" } }:format(clash)
  testing.equal(select(2, line:gsub('"ts":', "")), 1)
  testing.contains(line, '"fields.ts":1')
  testing.contains(line, '"id":2')
  testing.contains(line, '"fields.id":3')

  -- The same beside chosen keys.
  clash.fields = { level = "low", message = 1 }
  testing.equal(logging.JSONFormatter { keys = { "level", { "order", "message" }, "fields" } }:format(clash),
    '{"level":"INFO","fields.level":"low","fields.message":1}')
end

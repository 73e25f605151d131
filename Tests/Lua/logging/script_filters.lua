-- Filters in Lua: functions, tables, subclasses; on loggers and handlers; changing records; failing.
local logging = require "logging"
local handler = logging.StreamHandler(io.stderr)
handler:setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s %(user)s", nil, "%", true, {defaults = {user = "-"}}))
local log = logging.getLogger("app")
log:setLevel("DEBUG")
log:addHandler(handler)
log.propagate = false

local secret = "hunter2"
local function redact(record)
  record.msg = (record.message:gsub(secret, "****"))
  record.args = nil
  return true
end
log:addFilter(redact)
log:addFilter(redact)
assert(#log.filters == 1, "added once")
log:info("password is %s", "hunter2")
log:removeFilter(redact)
assert(#log.filters == 0)
log:info("password is %s", "hunter2")

local Threshold = logging.Filter:subclass("Threshold")
function Threshold:init(level) self.level = level; self.seen = 0 end
function Threshold:filter(record)
  self.seen = self.seen + 1
  record.user = "seen " .. self.seen
  return record.levelno >= self.level
end
local threshold = Threshold(logging.WARNING)
handler:addFilter(threshold)
assert(handler.filters[1] == threshold)
log:info("too low")
log:warning("high enough")
handler:removeFilter(threshold)

local duck = {word = "skip", filter = function(self, record) return not record.message:find(self.word) end}
handler:addFilter(duck)
log:info("skip this")
log:info("keep this")
handler:removeFilter(duck)

handler:addFilter(function(record)
  if record.message == "replace me" then
    return logging.makeLogRecord{name = "other", levelno = 50, levelname = "CRITICAL", msg = "replaced"}
  end
  return true
end)
log:info("replace me")
log:info("not me")

local names = logging.Filter("app.sub")
assert(names:filter(logging.makeLogRecord{name = "app.sub.x"}) == true)
assert(names:filter(logging.makeLogRecord{name = "app.subx"}) == false)

-- A failing filter drops the record and never breaks the caller.
local failing = function(record) error("filter broke on " .. record.message) end
log:addFilter(failing)
log:info("lost")
log:removeFilter(failing)

-- A filter that logs does not hang and does not see its own record.
log:addFilter(function(record)
  logging.getLogger("app"):info("from inside")
  return true
end)
log:info("outside")

local ok, err = pcall(log.addFilter, log, 5)
assert(not ok and tostring(err):find("filter, function or table expected, got number", 1, true), tostring(err))
ok, err = pcall(log.addFilter, log, {thread = coroutine.create(print)})
assert(not ok and tostring(err) == "cannot pass to another thread: filter.thread: a coroutine", tostring(err))

local logging = require "logging"
local seen = {}
local log = logging.getLogger("pay")
logging.basicConfig{format = "%(message)s order=%(order)s", level = "INFO"}

log:info("paid", {order = 7})
log:info("paid %d", 3, {order = 8, extra = {currency = "EUR"}})
log:info("with a percent 100%", {order = 9})
log:info("table as argument: %s", setmetatable({}, {__tostring = function() return "T" end}), {order = 10})
log:info("surplus", 1, {order = 11})

local record = log:makeRecord("pay", 20, "p.lua", 3, "text %s", {"arg"}, nil, "f", {order = 5, name = "shadow"})
assert(record.order == 5 and record.fields.order == 5)
assert(record.name == "pay" and record.fields.name == "shadow")
assert(record.message == "text arg" and record:getMessage() == "text arg" and record.msg == "text %s" and record.args[1] == "arg")
record.extra_field = {1, 2}
assert(record.fields.extra_field[2] == 2 and record.extra_field[1] == 1)
record.extra_field = nil
assert(record.extra_field == nil)
record.msg = "other %s"
assert(record.message == "other arg")
record.args = nil
assert(record.message == "other %s")
assert(record.filename == "p.lua" and record.lineno == 3 and record.funcName == "f" and record.levelname == "INFO")
local made = logging.makeLogRecord{name = "x", msg = "m %d", args = {4}, levelno = 30, levelname = "WARNING", order = 1}
assert(made.message == "m 4" and made.order == 1 and made.levelno == 30)
logging.getLogger("pay"):handle(made)
assert(logging.LogRecord("n", 30, "/a/b.lua", 7, "hi", nil, nil).filename == "b.lua")
assert(logging.LogRecord:is(made))

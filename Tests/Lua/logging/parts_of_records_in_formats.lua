-- args, exc_info and fields are attributes that formats can name, too.
local testing = require "testing"
local logging = require "logging"

local Kept = logging.Handler:subclass("Kept")
function Kept:emit(record) self.text = self:format(record) end
local kept, log = Kept(), logging.Logger("parts")
log:addHandler(kept)
kept:setFormatter(logging.Formatter("%(args)s %(exc_info)s %(fields)s %(msg)s"))
log:info("%s is %d", "x", 5, { k = 1 })
testing.equal(kept.text, "('x', 5) nil {'k': 1} %s is %d")
log:info("%s", "alone", { k = "v" })
testing.equal(kept.text, "('alone',) nil {'k': 'v'} %s")
log:info("nothing")
testing.equal(kept.text, "() nil {} nothing")
kept:setFormatter(logging.Formatter("{args}", nil, "{"))
log:info("%d", 1)
testing.equal(kept.text, "(1,)")
kept:setFormatter(logging.Formatter("$exc_info", nil, "$"))
log:error("m", { exc_info = "boom" })
testing.equal(kept.text, "boom\nboom")

-- No name is twice in a line.
kept:setFormatter(logging.JSONFormatter())
log:info("m", { time = 1, ["fields.time"] = 2, ["fields.fields.time"] = 3 })
testing.contains(kept.text, '"fields.fields.time":3,"fields.time":2,"fields.fields.fields.time":1}')

-- `%(name)s` in a message takes its values from one table, as Python does with one dictionary.
local logging = require "logging"
local testing = require "testing"

local Keeping = logging.Handler:subclass("Keeping")
function Keeping:emit(record) self.text, self.less = record:getMessage(), record.less end
local keeping, logger = Keeping(), logging.Logger("l")
logger:addHandler(keeping)

logger:error("less is %(less)s, %(count)05d%%", { less = "more", count = 42 })
testing.equal(keeping.text, "less is more, 00042%")
testing.equal(keeping.less, nil)
logger:error("name %(name)s", { name = "is no attribute here" })
testing.equal(keeping.text, "name is no attribute here")
logger:error("%(a)s", { a = "%(b)s" })
testing.equal(keeping.text, "%(b)s")
logger:error("with fields %(a)s", { a = 1 }, { less = 2 })
testing.equal(keeping.text, "with fields 1")
testing.equal(keeping.less, 2)
testing.equal(logging.LogRecord("n", 20, "", 0, "%(x)s", { { x = 1 } }):getMessage(), "1")

-- Without arguments a text is literal, and a missing name is reported, not raised.
logger:error("100%(")
testing.equal(keeping.text, "100%(")
logger:error("%(missing)s", { other = 1 })
testing.equal(keeping.text, "100%(")

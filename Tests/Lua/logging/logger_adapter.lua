local testing = require "testing"
local logging = require "logging"
local threading = require "threading"

local handler = logging.StreamHandler(io.stderr)
handler:setFormatter(logging.Formatter("%(levelname)s %(lineno)d %(message)s [%(user)s %(order)s]", nil, "%", true,
  { defaults = { user = "-", order = "-" } }))
local log = logging.getLogger("shop")
log:addHandler(handler)
log.propagate = false
log:setLevel "INFO"

local adapter = logging.LoggerAdapter(log, { user = "ann" })
adapter:info("paid %d EUR", 5)
adapter:debug("below the level %s")
adapter:warning("fields of the call stay", { order = 7 })
adapter:error("extra is replaced", { extra = { order = 8 } })
adapter:log(logging.CRITICAL, "a table as an argument: %s", setmetatable({}, { __tostring = function() return "T" end }))
testing.equal(adapter.name, "shop")
testing.equal(adapter.logger, log)
testing.equal(adapter.extra.user, "ann")
testing.equal({ adapter:isEnabledFor(10), adapter:isEnabledFor(20), adapter:getEffectiveLevel() }, { false, true, 20 })
testing.equal(tostring(adapter), "<LoggerAdapter shop (INFO)>")
testing.equal(adapter:hasHandlers(), true)

local merging = logging.LoggerAdapter { logger = log, extra = { user = "bob", order = 1 }, merge_extra = true }
merging:info("extra is merged over", { extra = { order = 9 } })

-- A subclass changes message and options.
local Prefix = logging.LoggerAdapter:subclass("Prefix")
function Prefix:process(message, options) return ("<%s> %s"):format(self.extra.ip, message), options end
local prefixed = Prefix(log, { ip = "::1" })
prefixed:info("took %d ms", 3)
prefixed:exception("failed", { exc_info = "boom" })

-- On top of each other, the outer one's context wins.
local outer = log:bind { user = "carl" }:bind { order = 42 }
outer:info("bound")
outer:bind { user = "dora" }:info("bound again")
Prefix(outer, { ip = "x" }):info("all three")

-- It crosses to other threads.
local t = threading.Thread { target = function(a) a:info("from a thread") end, args = { outer } }
t:start()
t:join()

testing.raises(require "exceptions".TypeError, "Logger expected", logging.LoggerAdapter)
testing.raises(require "exceptions".TypeError, "Logger expected", logging.LoggerAdapter, { extra = {} })
testing.raises("must be a Logger", function() logging.LoggerAdapter("log", {}):info("x") end)

-- The context is no argument: a text without arguments stays literal, and a format that wants more is an error.
do
  local testing = require "testing"
  local Keeping = logging.Handler:subclass("Keeping")
  function Keeping:emit(record) self.text = record:getMessage() .. "|" .. record.user end
  local kept, logger = Keeping(), logging.Logger("literal")
  logger:addHandler(kept)
  local adapter = logging.LoggerAdapter(logger, { user = "bob" })
  local function text(...)
    kept.text = "nothing"
    adapter:warning(...)
    return kept.text
  end
  testing.equal(text("literal %s"), "literal %s|bob")
  testing.equal(text("100% sure"), "100% sure|bob")
  testing.equal(text("%(user)s"), "%(user)s|bob")
  testing.equal(text("%s", "x"), "x|bob")
  testing.equal(text("100%%"), "100%%|bob")
  logging.raiseExceptions = false
  testing.equal(text("%s %s", "x"), "nothing")
  logging.raiseExceptions = true
end

-- A `log` of a script's is asked by all the others, on adapters and on what is below them.
do
  local seen = {}
  local function noting(class, mark)
    function class:log(level, message, ...)
      seen[#seen + 1] = ("%s %d %s"):format(mark, level, message)
      class.super.log(self, level, mark .. message, ...)
    end
    return class
  end
  local Kept = logging.Handler:subclass("Kept")
  function Kept:emit(record) self.text = record.levelname .. " " .. record:getMessage() .. " " .. tostring(record.exc_text) end
  local kept, logger = Kept(), noting(logging.Logger:subclass("Inner"), "L")("inner")
  logger:addHandler(kept)
  local adapter = noting(logging.LoggerAdapter:subclass("Styled"), "A")(logger, { user = "bob" })
  local function what(adapter, method, ...)
    seen, kept.text = {}, "nothing"
    adapter[method](adapter, ...)
    seen[#seen + 1] = kept.text
    return seen
  end
  testing.equal(what(adapter, "warning", "m %d", 1), { "A 30 m %d", "L 30 Am %d", "WARNING LAm 1 nil" })
  testing.equal(what(adapter, "exception", "m"), { "A 40 m", "L 40 Am", "ERROR LAm NoneType: None" })
  testing.equal(what(adapter, "exception", "m", { exc_info = "e" }), { "A 40 m", "L 40 Am", "ERROR LAm e" })
  testing.equal(what(adapter, "log", 35, "m"), { "A 35 m", "L 35 Am", "Level 35 LAm nil" })
  local outer = logging.LoggerAdapter(adapter, {})
  testing.equal(what(outer, "error", "%s", "x"), { "A 40 %s", "L 40 A%s", "ERROR LAx nil" })
  testing.equal(what(outer, "exception", "m"), { "A 40 m", "L 40 Am", "ERROR LAm NoneType: None" })
end

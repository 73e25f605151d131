local logging = require "logging"

assert(logging.DEBUG == 10 and logging.WARN == 30 and logging.CRITICAL == 50 and logging.FATAL == 50 and logging.NOTSET == 0)
local root = logging.getLogger()
assert(root == logging.root and logging.getLogger("root") == root and root.name == "root")
local a = logging.getLogger("a")
local ab = logging.getLogger("a.b")
assert(a == logging.getLogger("a"), "one logger a name")
assert(ab.parent == a and a.parent == root and root.parent == nil)
assert(root:getChild("a") == a and a:getChild("b") == ab)
local children = a:getChildren()
assert(#children == 1 and children[1] == ab)
assert(a:getEffectiveLevel() == logging.WARNING and a.level == 0)
a:setLevel("DEBUG")
assert(ab:getEffectiveLevel() == 10 and ab:isEnabledFor(10) and a.level == 10)
ab.level = 40
assert(not ab:isEnabledFor(logging.ERROR - 1) and ab:isEnabledFor(logging.ERROR))
assert(tostring(ab) == "<Logger a.b (ERROR)>", tostring(ab))
assert(tostring(root) == "<RootLogger root (WARNING)>")

assert(ab.propagate == true)
ab.propagate = false
assert(ab.propagate == false)
assert(a.disabled == false and root:hasHandlers() == false and #root.handlers == 0 and #a.filters == 0)

logging.disable(logging.ERROR)
assert(not ab:isEnabledFor(logging.ERROR) and ab:isEnabledFor(logging.CRITICAL))
assert(a.manager.disable == logging.ERROR and a.manager.root == root and a.manager.loggerDict["a.b"] == ab)
logging.disable(logging.NOTSET)
assert(a:isEnabledFor(logging.DEBUG))

assert(logging.getLevelName(20) == "INFO" and logging.getLevelName("INFO") == 20 and logging.getLevelName(21) == "Level 21")
logging.addLevelName(21, "NOTICE")
assert(logging.getLevelName(21) == "NOTICE" and logging.getLevelNamesMapping().NOTICE == 21)
a:setLevel("NOTICE")
assert(a.level == 21)

local ValueError, TypeError = require("exceptions").ValueError, require("exceptions").TypeError
local ok, err = pcall(a.setLevel, a, "WARN1NG")
assert(not ok and ValueError:is(err) and tostring(err) == "Unknown level: 'WARN1NG'", tostring(err))
ok, err = pcall(a.log, a, "INFO", "x")
assert(not ok and TypeError:is(err), tostring(err))
ok, err = pcall(a.info, {}, "x")
assert(not ok and TypeError:is(err) and tostring(err) == "calling 'info' on bad self (Logger expected, got table)", tostring(err))
assert(logging.lastResort.level == logging.WARNING)
assert(logging.raiseExceptions == true)
logging.raiseExceptions = false
assert(logging.raiseExceptions == false)

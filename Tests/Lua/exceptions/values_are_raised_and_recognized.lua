local exceptions = require "exceptions"
local t = require "testing"

local e = exceptions.ValueError("bad value")
t.equal(tostring(e), "bad value")
t.equal(e.args, { "bad value" })
t.equal(e.class == exceptions.ValueError, true)
t.equal(exceptions.Exception:is(e) and exceptions.ValueError:is(e), true)
t.equal(exceptions.KeyError:is(e), false)
t.equal(exceptions.ValueError:is("bad value"), false)
t.equal(exceptions.ValueError:is(nil), false)
t.equal(tostring(exceptions.KeyError("k")), "k")
t.equal(tostring(exceptions.Exception()), "")
t.equal(tostring(exceptions.Exception("a", 1)), "('a', 1)")

local ok, raised = pcall(error, e)
t.equal(raised == e, true)

local MyError = exceptions.ValueError:subclass("MyError")
local mine = MyError("mine")
t.equal(tostring(mine), "mine")
t.equal(exceptions.ValueError:is(mine), true)
t.equal(MyError:is(e), false)
t.equal(tostring(MyError), "<class 'MyError'>")
t.raises(MyError, "mine", function() error(mine) end)

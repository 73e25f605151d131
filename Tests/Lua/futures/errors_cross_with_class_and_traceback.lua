local testing = require "testing"
local futures = require "futures"
local exceptions = require "exceptions"

local ex <close> = futures.ThreadPoolExecutor(2)

-- A plain string stays the same string.
local plain = ex:submit(function() error("plain", 0) end)
testing.equal(plain:exception(), "plain")
testing.equal(select(2, pcall(plain.result, plain)), "plain")

-- An exception keeps its class, its message, its attributes, and where it was raised.
local function fail() error(exceptions.KeyError("k")) end
local failed = ex:submit(fail)
local e = testing.raises(exceptions.KeyError, "k", failed.result, failed)
assert(rawequal(failed:exception(), e) and exceptions.LookupError:is(e))
testing.contains(e.traceback, "in function <" .. debug.getinfo(fail, "S").short_src)

-- So does one of the script's own.
local BadRow = exceptions.ValueError:subclass("BadRow")
function BadRow:init(row)
  BadRow.super.init(self, "row " .. row)
  self.row = row
end
local own = ex:submit(function() error(BadRow(7)) end)
local raised = testing.raises(BadRow, "row 7", own.result, own)
testing.equal({ raised.row, raised.class == BadRow, exceptions.ValueError:is(raised) }, { 7, true, true })

-- Any value can be an error: a table, a number, nil.
local list = ex:submit(function() error({ 1, 2 }) end)
testing.equal(list:exception(), { 1, 2 })
testing.equal(select(2, pcall(list.result, list)), { 1, 2 })
local number = ex:submit(function() error(12) end)
testing.equal(number:exception(), 12)
local none = ex:submit(function() error(nil) end)
testing.equal(table.pack(pcall(none.result, none)), { n = 2, false, nil })
assert(exceptions.RuntimeError:is(none:exception()))

-- One that cannot cross leaves its text.
local stuck = ex:submit(function()
  error(setmetatable({ coroutine.create(print) }, { __tostring = function() return "stuck here" end }))
end)
testing.contains(stuck:exception(), "stuck here")

-- Without an error there is none.
testing.equal(ex:submit(math.abs, -1):exception(), nil)

local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"
local seen = require "queue".Queue()

threading.excepthook = function(args)
  seen:put { args.exc_type, tostring(args.exc_value), args.exc_traceback, args.thread }
end

local t = threading.Thread { target = function() error(exceptions.ValueError("bad value")) end }
t:start()
t:join()
local class, message, traceback, thread = table.unpack(seen:get_nowait())
testing.equal({ class, message, thread }, { exceptions.ValueError, "bad value", t })
testing.contains(traceback, "excepthook.lua:10")

threading.Thread { target = function() error("plain") end }:start()
class, message = table.unpack(seen:get())
testing.equal(class, exceptions.RuntimeError)
testing.contains(message, "excepthook.lua:17: plain")

-- A script's hook hears of SystemExit, as in Python, where only the module's own says nothing of it.
local function leave() error(exceptions.SystemExit(3)) end
local left = threading.Thread { target = leave }
left:start()
left:join()
class, message = table.unpack(seen:get_nowait())
testing.equal({ class, message }, { exceptions.SystemExit, "3" })

-- It hears nothing of a thread that was cancelled.
local endless = threading.Thread { target = function() while true do end end }
endless:start()
endless:cancel()
endless:join()
testing.equal({ endless.state, seen:qsize() }, { "cancelled", 0 })

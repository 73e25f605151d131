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

-- SystemExit is silent; so is a cancelled thread.
local quiet = threading.Thread { target = function() error(exceptions.SystemExit()) end }
quiet:start()
quiet:join()
testing.equal(seen:qsize(), 0)

-- `shutdown` of a list calls each handler's own methods, the last handler first, and passes over what streams do at the end.
local logging = require "logging"
local weakref = require "weakref"
local exceptions = require "exceptions"
local testing = require "testing"

local calls
local Noting = logging.Handler:subclass("Noting")
function Noting:init(name, errors)
  Noting.super.init(self)
  self.name, self.errors = name, errors or {}
end
for _, method in ipairs { "acquire", "flush", "close", "release" } do
  Noting[method] = function(self)
    calls[#calls + 1] = method
    if self.errors[method] then error(self.errors[method]) end
  end
end
local function shutdown(errors, entry)
  calls = {}
  local handler = Noting("n", errors)
  logging.shutdown { entry and entry(handler) or handler }
  return table.concat(calls, " ")
end

testing.equal(shutdown(), "acquire flush close release")
testing.equal(shutdown({}, weakref.ref), "acquire flush close release")
testing.equal(shutdown { flush = exceptions.OSError("gone") }, "acquire flush release")
testing.equal(shutdown { close = exceptions.ValueError("closed") }, "acquire flush close release")
testing.raises(exceptions.IndexError, function() shutdown { flush = exceptions.IndexError("odd") } end)
testing.equal(table.concat(calls, " "), "acquire flush release")
logging.raiseExceptions = false
testing.equal(shutdown { close = exceptions.IndexError("odd") }, "acquire flush close release")
logging.raiseExceptions = true
logging.shutdown {}
logging.shutdown { function() return nil end }

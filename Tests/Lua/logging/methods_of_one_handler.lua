-- A method for one handler: those of a script's classes take it, one of ours says that it takes a class.
local testing = require "testing"
local logging = require "logging"
local handlers = require "logging.handlers"
local AttributeError = require "exceptions".AttributeError
local folder = ...

local log = logging.getLogger("one")
log.propagate = false

local plain = logging.Handler()
function plain:emit(record) self.text = (self.text or "") .. self:format(record) .. ";" end
function plain:format(record) return record.message:upper() end
log:addHandler(plain)
log:warning("a")
testing.equal(plain.text, "A;")

-- Also while it works.
plain.format = function(self, record) return record.message:rep(2) end
log:warning("b")
testing.equal(plain.text, "A;bb;")
plain.handle = function(self, record) self.text = record.message end
log:warning("c")
testing.equal(plain.text, "c")
plain.handle = nil
log:warning("d")
testing.equal(plain.text, "cdd;")
log:removeHandler(plain)

-- Failures, by a handleError of its own.
local File = logging.FileHandler:subclass("File")
local file = File(folder .. "/f.log")
file.format = function() error("no text") end
file.handleError = function(self, record) self.failed = record.message end
log:addHandler(file)
log:warning("lost")
testing.equal(file.failed, "lost")
log:removeHandler(file)

for _, native in ipairs {
  logging.StreamHandler(), logging.FileHandler(folder .. "/n.log"), handlers.MemoryHandler(2), logging.NullHandler(),
} do
  testing.raises(AttributeError, "cannot be replaced on one object: make a class with ",
    function() native.emit = function() end end)
  testing.raises(AttributeError, "method 'handleError' of a ", function() native.handleError = print end)
end
testing.raises(AttributeError, "method 'format' of a StreamHandler cannot be replaced on one object: make a class with "
  .. "StreamHandler:subclass(name) and define it there", function() logging.StreamHandler().format = print end)

-- Other names are fields, as ever.
local stream = logging.StreamHandler()
stream.note = print
testing.equal(stream.note, print)

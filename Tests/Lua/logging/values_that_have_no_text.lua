-- No value in a call breaks the caller, and none is lost on its way to the line.
local testing = require "testing"
local logging = require "logging"

local Keeping = logging.Handler:subclass("Keeping")
function Keeping:init()
  Keeping.super.init(self)
  self.lines = {}
end
function Keeping:emit(record) self.lines[#self.lines + 1] = self:format(record) end

local log = logging.Logger("values")
local handler = Keeping()
handler:setFormatter(logging.JSONFormatter { keys = { "message", "v", "w", "exc_info" } })
log:addHandler(handler)
local function line(...)
  log:error(...)
  return handler.lines[#handler.lines]
end

local broken = setmetatable({}, { __tostring = function() error("no text") end })
testing.equal(line("field", { v = broken, w = 1 }), '{"message":"field","v":"<table>","w":1}')
testing.equal(line("nested", { v = { broken } }), '{"message":"nested","v":["<table>"]}')
testing.equal(line("error", { exc_info = broken }), '{"message":"error","exc_info":"<table>"}')

-- A message without a text is reported, as one that cannot be formatted; the script goes on.
logging.raiseExceptions = false
log:error(broken)
log:error(broken, 1)
log:error(broken, { v = 1 })
logging.raiseExceptions = true
testing.equal(#handler.lines, 3)

-- Lists are lists; tables that have other keys too keep all that they have.
testing.equal(line("list", { v = { 1, 2, { 3 } } }), '{"message":"list","v":[1,2,[3]]}')
testing.equal(line("holes", { v = { 1, nil, 3 } }), '{"message":"holes","v":[1,null,3]}')
testing.equal(line("packed", { v = table.pack(1, "a") }), '{"message":"packed","v":[1,"a"]}')
testing.equal(line("mixed", { v = { 1, x = 2 } }), '{"message":"mixed","v":{"[1]":1,"x":2}}')
testing.equal(line("sparse", { v = { [1] = "a", [9] = "b" } }), '{"message":"sparse","v":{"[1]":"a","[9]":"b"}}')
testing.equal(logging.makeLogRecord { msg = "%s %s", args = table.pack("a", 1) }:getMessage(), "a 1")

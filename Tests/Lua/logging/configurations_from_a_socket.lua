-- `listen` takes configurations as JSON, four bytes of length ahead, from programs on this machine.
local logging = require "logging"
local config = require "logging.config"
local testing = require "testing"
local exceptions = require "exceptions"

local program = [[
import socket, struct, sys
body = sys.argv[2].encode()
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as s:
    # In two parts, as a network may deliver it.
    data = struct.pack(">L", len(body)) + body
    s.sendall(data[:5]); s.sendall(data[5:]); s.shutdown(1)
    s.recv(1)
]]
local function send(port, text) testing.python(program, port, text) end

testing.equal(config.DEFAULT_LOGGING_CONFIG_PORT, 9030)
local listener = config.listen(0)
testing.equal(listener:is_alive(), false)
listener:start()
testing.equal(listener.ready:wait(10), true)
testing.equal(listener:is_alive(), true)
testing.equal(listener.port > 0, true)
testing.raises(exceptions.RuntimeError, "threads can only be started once", function() listener:start() end)

send(listener.port, [[{"version": 1, "root": {"level": "INFO", "handlers": ["h"]},
  "handlers": {"h": {"class": "logging.NullHandler", "level": "\u0045RROR"}}}]])
testing.equal(logging.root.level, logging.INFO)
testing.equal(logging.getHandlerByName("h").level, logging.ERROR)

-- What is no JSON, or no configuration, changes nothing; the listener goes on. Both are told on standard error.
send(listener.port, "[loggers]\nkeys=root\n")
send(listener.port, [[{"version": 1, "root": {"level": "NOPE"}}]])
testing.equal(logging.root.level, logging.INFO)
send(listener.port, [[{"version": 1, "root": {"level": 40}}]])
testing.equal(logging.root.level, logging.ERROR)
config.stopListening()
listener:join(10)
testing.equal(listener:is_alive(), false)
config.stopListening()

-- A function can check and change what comes: nil refuses it.
local checked = config.listen(0, function(text)
  if text:sub(1, 4) ~= "key:" then return nil end
  return text:sub(5)
end)
checked:start()
send(checked.port, [[{"version": 1, "root": {"level": 10}}]])
testing.equal(logging.root.level, logging.ERROR)
send(checked.port, [[key:{"version": 1, "root": {"level": 10}}]])
testing.equal(logging.root.level, logging.DEBUG)
config.stopListening()
checked:join()

-- The native handlers: files, names, filters, closing; basicConfig's rules.
local logging = require "logging"
local folder = ...
local path = folder .. "/app.log"
local function read(name)
  local f <close> = assert(io.open(name, "rb"))
  return f:read("a")
end

logging.basicConfig{filename = path, filemode = "w", format = "%(levelname)s:%(message)s", level = "DEBUG"}
logging.basicConfig{level = "ERROR"}
local root = logging.getLogger()
assert(root.level == logging.DEBUG, "a second call changes nothing")
local file = root.handlers[1]
assert(logging.FileHandler:is(file) and logging.StreamHandler:is(file) and logging.Handler:is(file))
assert(file.baseFilename == path and file.mode == "w" and file.terminator == "\n")
logging.debug("one")
file.terminator = ";\n"
logging.info("two")
assert(read(path) == "DEBUG:one\nINFO:two;\n", read(path))
file:close()
file:close()
logging.info("after close")
assert(read(path) == "DEBUG:one\nINFO:two;\n")

logging.basicConfig{force = true, handlers = {logging.FileHandler(path)}, format = "%(message)s", level = "INFO"}
logging.info("appended")
assert(read(path) == "DEBUG:one\nINFO:two;\nappended\n")

local exceptions = require "exceptions"
local ok, err = pcall(logging.FileHandler, folder .. "/no/such.log")
assert(not ok and exceptions.FileNotFoundError:is(err) and err.errno == 2, tostring(err))
assert(tostring(err) == "[Errno 2] No such file or directory: '" .. folder .. "/no/such.log'", tostring(err))
ok, err = pcall(logging.FileHandler, path, "q")
assert(not ok and exceptions.ValueError:is(err), tostring(err))
ok, err = pcall(logging.basicConfig, {filename = path, stream = io.stderr, force = true})
assert(not ok and tostring(err) == "'stream' and 'filename' should not be specified together", tostring(err))
ok, err = pcall(logging.basicConfig, {levle = "INFO"})
assert(exceptions.ValueError:is(err) and tostring(err):find("Unrecognised argument(s): levle (known: filename,", 1, true))

local h = logging.StreamHandler()
assert(h.stream == io.stderr and h.name == nil)
h.name = "named"
assert(h:get_name() == "named" and logging.getHandlerByName("named") == h and logging.getHandlerByName("no") == nil)
local names = logging.getHandlerNames()
assert(#names == 1 and names[1] == "named")
assert(h:setStream(io.stdout) == io.stderr and h.stream == io.stdout)
assert(h:setStream(io.stdout) == nil)
assert(tostring(h) == "<StreamHandler <stdout> (NOTSET)>", tostring(h))
h:acquire() h:release()
do local closing <close> = logging.FileHandler{filename = path, mode = "a", delay = true} end
ok, err = pcall(logging.StreamHandler, 5)
assert(not ok and tostring(err):find("or an object with a method 'write' expected, got number", 1, true), tostring(err))

local quiet = logging.getLogger("library")
quiet.propagate = false
quiet:warning("for the last resort")
quiet:addHandler(logging.NullHandler())
quiet:warning("for nobody")
logging.lastResort = nil
assert(logging.lastResort == nil)

-- What a script prints and what it logs to io.stdout stay in order.
root:removeHandler(root.handlers[1])
root:addHandler(h)
h:setFormatter(logging.Formatter("%(processName)s %(message)s"))
logging.warning("to stdout")

-- What handle gives says whether the record passed the filters; a name with a zero byte is none.
do
  local testing, ValueError = require "testing", require "exceptions".ValueError
  local filtered = logging.StreamHandler(io.stdout)
  filtered:addFilter(function(record) return record.levelno >= 30 end)
  testing.equal(filtered:handle(logging.makeLogRecord { msg = "hidden", levelno = 20 }), false)
  local passed = logging.makeLogRecord { msg = "passed", levelno = 30 }
  testing.equal(filtered:handle(passed), passed)
  testing.raises(ValueError, "embedded null byte", logging.FileHandler, "/tmp/name\0.log")
end

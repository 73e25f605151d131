-- A stream handler writes to any open file and to any object that can write.
local testing = require "testing"
local logging = require "logging"
local handlers = require "logging.handlers"
local threading = require "threading"
local TypeError, ValueError = require "exceptions".TypeError, require "exceptions".ValueError
local folder = ...

local log = logging.getLogger("streams")
log.propagate = false
local function logged(handler, ...)
  log:addHandler(handler)
  for _, text in ipairs { ... } do log:warning(text) end
  log:removeHandler(handler)
  return handler
end

-- A file: in order with what the script writes to it.
local path = folder .. "/a.log"
local file = assert(io.open(path, "w"))
local handler = logging.StreamHandler(file)
file:write("before ")
logged(handler, "logged")
file:write("after\n")
logged(handler, "logged again")
testing.equal(testing.read(path), "before logged\nafter\nlogged again\n")
testing.equal(handler.stream, file)
testing.equal(handler:setStream(file), nil)
testing.equal(handler:setStream(io.stdout), file)
testing.equal(handler:setStream(file), io.stdout)
testing.equal(logging.StreamHandler { stream = file }.stream, file)

-- The handler keeps it open, in threads too.
do
  local kept = logging.StreamHandler(io.open(folder .. "/kept.log", "w"))
  collectgarbage()
  collectgarbage()
  log:addHandler(kept)
  local threads = {}
  for i = 1, 4 do
    threads[i] = threading.Thread { target = function()
      for n = 1, 50 do require "logging".getLogger("streams"):warning("thread %d record %d", i, n) end
    end }
    threads[i]:start()
  end
  for _, thread in ipairs(threads) do thread:join() end
  log:removeHandler(kept)
  local lines = 0
  for line in testing.read(folder .. "/kept.log"):gmatch("([^\n]*)\n") do
    assert(line:match("^thread %d record %d+$"), line)
    lines = lines + 1
  end
  testing.equal(lines, 200)
end

-- A process.
local pipe = assert(io.popen("cat > '" .. folder .. "/pipe.log'", "w"))
logged(logging.StreamHandler(pipe), "to a process")
pipe:close()
testing.equal(testing.read(folder .. "/pipe.log"), "to a process\n")

-- A closed file is reported, and nothing else happens; so is one that cannot be written to, and a process that is gone.
file:close()
logged(handler, "lost")
testing.raises(ValueError, "I/O operation on closed file", handler.flush, handler)
handler:close()
local reading = assert(io.open(path))
logged(logging.StreamHandler(reading), "not written")
reading:close()
testing.shell("mkfifo '" .. folder .. "/fifo'")
local gone = assert(io.popen("exec <&-; echo gone > '" .. folder .. "/fifo'", "w"))
testing.equal(testing.read(folder .. "/fifo"), "gone\n")
logged(logging.StreamHandler(gone), "to nobody")

-- An object with a method write runs in an interpreter of its own; handler.stream reaches it.
local StringIO = {}
StringIO.__index = StringIO
function StringIO.new() return setmetatable({ parts = {}, flushed = 0 }, StringIO) end
function StringIO:write(text) self.parts[#self.parts + 1] = text end
function StringIO:flush() self.flushed = self.flushed + 1 end
function StringIO:getvalue() return table.concat(self.parts) end
local memory = logging.StreamHandler(StringIO.new())
logged(memory, "one", "two")
testing.equal(memory.stream:getvalue(), "one\ntwo\n")
testing.equal({ memory.stream.flushed, #memory.stream.parts }, { 2, 2 })
memory.stream:write("three")
memory.stream.name = "a name"
testing.equal({ memory.stream:getvalue(), memory.stream.name, memory.stream.nothing }, { "one\ntwo\nthree", "a name" })
memory:flush()
testing.equal(memory.stream.flushed, 3)

-- The script's own table stands for it, in this interpreter and in others.
local shared = StringIO.new()
local first, second = logging.StreamHandler(shared), logging.StreamHandler { stream = shared }
logged(first, "a")
logged(second, "b")
testing.equal(shared:getvalue(), "a\nb\n")
assert(first.stream == shared and second.stream == shared and getmetatable(shared) == StringIO)
shared.parts = {}
logged(first, "c")
testing.equal({ shared:getvalue(), #shared.parts, shared.flushed }, { "c\n", 1, 3 })
local thread <const> = threading.Thread { target = function()
  shared:write("from a thread")
  return shared:getvalue()
end }
thread:start()
testing.equal(thread:result(), "c\nfrom a thread")
testing.equal(shared:getvalue(), "c\nfrom a thread")
testing.equal(first:setStream(shared), nil)
local other = StringIO.new()
assert(first:setStream(other) == shared and first.stream == other)
testing.equal(other:getvalue(), "")
first.stream = shared
testing.equal(logged(first, "d").stream:getvalue(), "c\nfrom a threadd\n")

-- As a list, with functions that are no methods, and as what stays a module or a class.
local list = { write = function(self, text) self[#self + 1] = text end, count = function(n) return n + 1 end }
logged(logging.StreamHandler(list), "1", "2")
testing.equal({ #list, list[1], list[2], list[3], table.concat(list), list.count(4) }, { 2, "1\n", "2\n", nil, "1\n2\n", 5 })
local keys = 0
for key, value in pairs(list) do keys = keys + 1 end
testing.equal(keys, 4)
for i, text in ipairs(list) do testing.equal(text, i .. "\n") end
list[3] = "3"
testing.equal(table.remove(list), "3")
package.loaded.a_module = { write = function() end, kept = true }
pcall(logging.StreamHandler, package.loaded.a_module)
testing.equal(rawget(package.loaded.a_module, "kept"), true)
assert(io.write)
pcall(logging.StreamHandler, io)
assert(rawget(io, "write"))

-- A plain table without flush, several records at once, a configuration, basicConfig.
local counting = logging.StreamHandler { stream = { count = 0, write = function(self) self.count = self.count + 1 end }, async = true }
logged(counting, "1", "2", "3")
counting:flush()
testing.equal(counting.stream.count, 3)
local plain = logging.StreamHandler { text = "", write = function(self, text) self.text = self.text .. text end }
testing.equal(logged(plain, "plain").stream.text, "plain\n")
logging.config.dictConfig {
  version = 1, disable_existing_loggers = false,
  handlers = {
    memory = { class = "logging.StreamHandler", stream = StringIO.new() },
    file = { class = "logging.StreamHandler", stream = io.open(folder .. "/c.log", "w") },
    plain = { class = "logging.StreamHandler", stream = { write = function(self, text) self.text = text end } },
  },
  root = { handlers = { "memory", "file", "plain" } },
}
logging.warning("configured")
testing.equal(logging.getHandlerByName("memory").stream:getvalue(), "configured\n")
testing.equal(logging.getHandlerByName("plain").stream.text, "configured\n")
testing.equal(testing.read(folder .. "/c.log"), "configured\n")
logging.basicConfig { stream = StringIO.new(), force = true, format = "<%(message)s>" }
logging.warning("basic")
testing.equal(logging.root.handlers[1].stream:getvalue(), "<basic>\n")
logging.root.handlers = {}

-- Subclasses write to it by themselves, wherever they run.
local Own = logging.StreamHandler:subclass("Own")
function Own:emit(record) self.stream:write("own " .. self:format(record) .. self.terminator) end
testing.equal(logged(Own(StringIO.new()), "object").stream:getvalue(), "own object\n")
local second_file = assert(io.open(folder .. "/own.log", "w"))
logged(Own(second_file), "file")
second_file:write("end")
second_file:close()
testing.equal(testing.read(folder .. "/own.log"), "own file\nend")

-- What fails in it is reported; a stream that logs does not see its own records.
logged(logging.StreamHandler { write = function() error("no room", 0) end }, "lost")
local chatty = logging.StreamHandler {
  count = 0,
  write = function(self, text)
    self.count = self.count + 1
    require "logging".getLogger("streams"):warning("again")
  end,
}
testing.equal(logged(chatty, "once").stream.count, 1)

-- What is no stream, or cannot cross.
testing.raises(TypeError, "bad argument #1 to 'StreamHandler' (stream: a file such as io.stdout, or an object with a method 'write' "
  .. "expected, got number)", logging.StreamHandler, 5)
testing.raises(TypeError, "cannot pass to another thread: stream.thread: a coroutine", logging.StreamHandler,
  { write = print, thread = coroutine.create(print) })
testing.raises(TypeError, "unexpected named argument 'writes'", logging.StreamHandler, { writes = print })

-- The stream of a handler with a file: nil while it is not open.
local late = logging.FileHandler { filename = folder .. "/f.log", delay = true }
testing.equal({ late.stream, late.delay }, { nil, true })
logged(late, "a")
late.stream:write("b", 1, "\n"):flush()
testing.equal(testing.read(folder .. "/f.log"), "a\nb1\n")
testing.equal({ late.stream.name, late.stream.mode, late.stream.closed, late.stream:isatty() },
  { folder .. "/f.log", "a", false, false })
assert(late.stream == late.stream)
local stream = late.stream
late:close()
testing.equal({ late.stream, stream.closed }, { nil, true })
testing.raises(ValueError, "I/O operation on closed file", stream.write, stream, "c")
testing.raises(TypeError, "cannot be set", late.setStream, late, io.stdout)
local OwnFile = handlers.RotatingFileHandler:subclass("OwnFile")
function OwnFile:emit(record) self.stream:write(record.message .. ";") end
logged(OwnFile(folder .. "/g.log"), "x", "y")
testing.equal(testing.read(folder .. "/g.log"), "x;y;")

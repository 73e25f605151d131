-- Receivers of logs, in processes of their own (receiver.py), and certificates for them.
local receivers = {}
local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$")

local interpreters = { smtp = true, otlp = true }

-- The Python with the packages that bootstrap installs.
local function packaged()
  local path = here .. "/../../.build/receivers/bin/python"
  local file = io.open(path)
  if not file then
    error("the receivers of these tests are not installed: run scripts/bootstrap --test (missing: .build/receivers)", 3)
  end
  file:close()
  return path
end

local Receiver = {}
Receiver.__index = Receiver

-- Starts a receiver that ends once `count` things have come in; `options` as receiver.py has them.
function receivers.start(kind, count, options)
  local words = { interpreters[kind] and packaged() or "python3", here .. "/receiver.py", kind, tostring(count) }
  for name, value in pairs(options or {}) do words[#words + 1] = name .. "=" .. tostring(value) end
  for i, word in ipairs(words) do words[i] = "'" .. word:gsub("'", "'\\''") .. "'" end
  local pipe = assert(io.popen(table.concat(words, " "), "r"))
  local process, address = (pipe:read("l") or ""):match("^(%d+) (.*)$")
  if not address then error("the receiver did not start: " .. kind, 2) end
  return setmetatable({ pipe = pipe, process = process, address = address, port = tonumber(address) }, Receiver)
end

-- Waits for the end; gives what came in, each as a table made from JSON.
function Receiver:results()
  local results = {}
  for line in self.pipe:lines() do results[#results + 1] = receivers.json(line) end
  self.pipe:close()
  return results
end

-- Ends it, whatever it waits for.
function Receiver:stop()
  os.execute("kill " .. self.process)
  self.pipe:close()
end

-- Reads JSON that Python wrote. null is nil.
function receivers.json(source)
  local place = 1
  local value
  local function skip() place = source:find("%S", place) or #source + 1 end
  local function text()
    local parts, start = {}, place + 1
    local stop = start
    while source:sub(stop, stop) ~= '"' do stop = stop + (source:sub(stop, stop) == "\\" and 2 or 1) end
    place = stop + 1
    local raw = source:sub(start, stop - 1)
    raw = raw:gsub("\\u(d[89ab]%x%x)\\u(d[c-f]%x%x)", function(high, low)
      return utf8.char(0x10000 + ((tonumber(high, 16) - 0xD800) << 10) + tonumber(low, 16) - 0xDC00)
    end)
    raw = raw:gsub("\\(.)(%x?%x?%x?%x?)", function(kind, digits)
      if kind == "u" then return utf8.char(tonumber(digits, 16)) end
      return (({ n = "\n", r = "\r", t = "\t", b = "\b", f = "\f" })[kind] or kind) .. digits
    end)
    parts[1] = raw
    return parts[1]
  end
  local function list(close, item)
    place = place + 1
    skip()
    while source:sub(place, place) ~= close do
      item()
      skip()
      if source:sub(place, place) == "," then place = place + 1 end
      skip()
    end
    place = place + 1
  end
  function value()
    skip()
    local first = source:sub(place, place)
    if first == '"' then return text() end
    if first == "{" or first == "[" then
      local result, count = {}, 0
      list(first == "{" and "}" or "]", function()
        local key
        if first == "{" then
          key = text()
          skip()
          place = place + 1
        else
          count = count + 1
          key = count
        end
        result[key] = value()
      end)
      return result
    end
    local word = source:match("^[%w%.%+%-]+", place)
    place = place + #word
    if word == "true" or word == "false" then return word == "true" end
    return tonumber(word)
  end
  return value()
end

local Rsyslog = {}
Rsyslog.__index = Rsyslog

-- Starts rsyslogd with a configuration of its own: on `tcp`, `udp` (ports) and `path`, for a to-be-closed variable.
function receivers.rsyslog(folder)
  local testing = require "testing"
  local program = testing.exists("/usr/sbin/rsyslogd") and "/usr/sbin/rsyslogd" or "rsyslogd"
  local found = os.execute("command -v " .. program .. " >/dev/null 2>&1")
  if not found then error("rsyslogd is not installed: run scripts/bootstrap --test", 2) end
  local self = setmetatable({ folder = folder, path = folder .. "/log.sock", file = folder .. "/rsyslog.out" }, Rsyslog)
  self.tcp, self.udp = testing.python([[
import socket
kept = [socket.socket(socket.AF_INET, kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)]
for each in kept: each.bind(("127.0.0.1", 0))
print(*(each.getsockname()[1] for each in kept))]]):match("(%d+) (%d+)")
  self.tcp, self.udp = tonumber(self.tcp), tonumber(self.udp)
  testing.write(folder .. "/rsyslog.conf", ([[
global(workDirectory="FOLDER" processInternalMessages="off")
module(load="imudp")
module(load="imtcp")
module(load="imuxsock" SysSock.Use="off")
template(name="line" type="string"
  string="%syslogseverity-text%|%syslogfacility-text%|%programname%|%structured-data%|%msg%\n")
input(type="imudp" port="UDP" address="127.0.0.1")
input(type="imtcp" port="TCP" address="127.0.0.1")
input(type="imuxsock" Socket="FOLDER/log.sock" CreatePath="off")
action(type="omfile" file="FOLDER/rsyslog.out" template="line" asyncWriting="off" flushOnTXEnd="on")
]]):gsub("FOLDER", folder):gsub("UDP", self.udp):gsub("TCP", self.tcp))
  os.execute(("%s -n -f %s/rsyslog.conf -i %s/rsyslog.pid >%s/rsyslog.log 2>&1 &"):format(program, folder, folder, folder))
  self:wait("rsyslogd did not start", function()
    return os.execute("test -S " .. self.path)
      and os.execute(("python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", %d)).close()' 2>/dev/null"):format(self.tcp))
  end)
  return self
end

-- Asks until the answer is yes; a minute is long enough for the slowest machine.
function Rsyslog:wait(problem, condition)
  local event, limit = require("threading").Event(), os.time() + 60
  while not condition() do
    if os.time() > limit then error(problem .. "\n" .. require("testing").read(self.folder .. "/rsyslog.log"), 3) end
    event:wait(0.02)
  end
end

-- The lines that it has written, once there are so many.
function Rsyslog:lines(count)
  local lines
  local function enough()
    lines = {}
    local file = io.open(self.file)
    if not file then return false end
    for line in file:lines() do lines[#lines + 1] = (line:gsub("|([^|]*)$", function(text) return "|" .. text:gsub("^ ", "") end)) end
    file:close()
    return #lines >= count
  end
  local ok, problem = pcall(self.wait, self, "rsyslog has not written all", enough)
  if not ok then error(problem .. table.concat(lines or {}, "\n"), 2) end
  return lines
end

function Rsyslog:__close()
  os.execute(("kill $(cat %s/rsyslog.pid) 2>/dev/null"):format(self.folder))
end

-- A certificate for localhost that is its own authority, in a folder: the paths of certificate and key.
function receivers.certificate(folder)
  local testing = require "testing"
  local cert, key = folder .. "/cert.pem", folder .. "/key.pem"
  testing.shell("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 "
    .. "-keyout '" .. key .. "' -out '" .. cert .. "' 2>/dev/null")
  return cert, key
end

return receivers

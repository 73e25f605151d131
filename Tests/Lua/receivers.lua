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
  local address = pipe:read("l")
  if not address then error("the receiver did not start: " .. kind, 2) end
  return setmetatable({ pipe = pipe, address = address, port = tonumber(address) }, Receiver)
end

-- Waits for the end; gives what came in, each as a table made from JSON.
function Receiver:results()
  local results = {}
  for line in self.pipe:lines() do results[#results + 1] = receivers.json(line) end
  self.pipe:close()
  return results
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

-- A certificate for localhost that is its own authority, in a folder: the paths of certificate and key.
function receivers.certificate(folder)
  local testing = require "testing"
  local cert, key = folder .. "/cert.pem", folder .. "/key.pem"
  testing.shell("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 "
    .. "-keyout '" .. key .. "' -out '" .. cert .. "' 2>/dev/null")
  return cert, key
end

return receivers

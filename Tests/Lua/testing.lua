-- What test scripts share. A failed check is an error at the line of the script that made it.
local testing = {}

local function quote(value)
  return type(value) == "string" and string.format("%q", value) or tostring(value)
end

-- Raises unless the values are equal; arrays and tables are compared by what they hold.
function testing.equal(actual, expected, label, level)
  level = (level or 1) + 1
  label = label and label .. ": " or ""
  if type(actual) == "table" and type(expected) == "table" and not getmetatable(expected) then
    for key, value in pairs(expected) do testing.equal(actual[key], value, label .. "[" .. quote(key) .. "]", level) end
    for key in pairs(actual) do
      if expected[key] == nil then error(label .. "unexpected key " .. quote(key), level) end
    end
    return
  end
  local same = actual == expected or (actual ~= actual and expected ~= expected)
  if not same or math.type(actual) ~= math.type(expected) then
    error(label .. "got " .. quote(actual) .. ", expected " .. quote(expected), level)
  end
end

-- Raises unless `text` has `part` in it, literally.
function testing.contains(text, part, level)
  if not tostring(text):find(part, 1, true) then
    error(quote(tostring(text)) .. " does not contain " .. quote(part), (level or 1) + 1)
  end
end

-- Calls `f` and raises unless it raises what is expected: an exception of a class, or an error whose message has a
-- text in it literally. Gives the error value. `raises(class, text, f, ...)` asks for both.
function testing.raises(expected, ...)
  local first, text = 1, nil
  if type(expected) == "string" then
    text = expected
  elseif type((...)) == "string" then
    text, first = (...), 2
  end
  local f = select(first, ...)
  local results = table.pack(pcall(f, select(first + 1, ...)))
  if results[1] then error("no error was raised", 2) end
  local raised = results[2]
  if type(expected) ~= "string" and not expected:is(raised) then
    error("raised " .. tostring(type(raised) == "table" and raised.class or type(raised)) .. " (" .. tostring(raised)
      .. "), expected " .. tostring(expected), 2)
  end
  if text then testing.contains(raised, text, 2) end
  return raised
end

-- What a command line prints, without the last newline; raises if it fails.
function testing.shell(command)
  local pipe = assert(io.popen("{ " .. command .. "\n} 2>&1"))
  local output = pipe:read("a")
  local ok, _, code = pipe:close()
  if not ok then error("exit status " .. tostring(code) .. ": " .. command .. "\n" .. output, 2) end
  return (output:gsub("\n$", ""))
end

-- Runs a Python program; `arg` words follow. Gives what it prints.
function testing.python(program, ...)
  local words = { "python3", "-c", program, ... }
  for i, word in ipairs(words) do words[i] = "'" .. tostring(word):gsub("'", "'\\''") .. "'" end
  return testing.shell(table.concat(words, " "))
end

function testing.read(path)
  local file = assert(io.open(path, "rb"))
  local data = file:read("a")
  file:close()
  return data
end

function testing.write(path, data)
  local file = assert(io.open(path, "wb"))
  file:write(data)
  file:close()
end

function testing.exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

-- The names in a folder, sorted, those that start with a dot too.
function testing.names(folder)
  local names = {}
  for name in testing.shell("ls -A '" .. folder .. "'"):gmatch("[^\n]+") do names[#names + 1] = name end
  return names
end

function testing.hex(bytes)
  return (bytes:gsub(".", function(byte) return string.format("%02x", byte:byte()) end))
end

return testing

-- Makes a value from bytes, and describes values so that equal descriptions mean equal values.
local exceptions = require "exceptions"
local Queue = require "queue".Queue

local roundtrip = {}
local Shape = exceptions.ValueError:subclass("Shape")
local known = { Queue(), Queue(3) }
a_global = 7

-- MARK: Making

-- Each pair of functions shares its first upvalue.
local function pair(a, b)
  local function get() return a, b end
  local function set(x) a = x end
  return get, set
end

local function recursive(value)
  local function f(n) if n == 0 then return value end return f(n - 1) end
  return f
end

local natives = { print, string.format, table.concat, require "queue".Queue, math.floor, pairs }
local modules = { string, math, require "queue", require "threading", _G }

-- Modules and classes are not copied, so they are not changed either.
local function is_common(value)
  if rawget(value, "__name") then return true end
  for _, module in pairs(package.loaded) do if module == value then return true end end
  return false
end

local function build(bytes)
  local position, pool = 1, { {} }
  local function byte()
    local b = bytes:byte(position) or 0
    position = position + 1
    return b
  end
  local function any() return pool[byte() % #pool + 1] end
  local function some_table()
    for _ = 1, 4 do
      local value = any()
      if type(value) == "table" and not is_common(value) then return value end
    end
    return pool[1]
  end
  local function add(value) pool[#pool + 1] = value end
  local make = {
    function() add(byte() % 2 == 0) end,
    function() add((string.unpack("<i8", (bytes:sub(position, position + 7) .. ("\0"):rep(8)):sub(1, 8)))) position = position + 8 end,
    function() add((string.unpack("<d", (bytes:sub(position, position + 7) .. ("\0"):rep(8)):sub(1, 8)))) position = position + 8 end,
    function() local n = byte() add(bytes:sub(position, position + n - 1)) position = position + n end,
    function() add(("x"):rep(byte() * 17)) end,
    function() add({}) end,
    function() local t = some_table() t[byte() % 8 + 1] = any() end,
    function()
      local t, key, value = some_table(), any(), any()
      if key ~= nil and key == key and type(key) ~= "table" and type(key) ~= "function" and type(key) ~= "userdata" then t[key] = value end
    end,
    function() local t = some_table() t[t] = any() end,
    function() local get, set = pair(any(), any()) add(get) add(set) end,
    function() add(recursive(any())) end,
    function() add(function() return a_global end) end,
    function() setmetatable(some_table(), { __index = any(), tag = byte() }) end,
    function() local e = Shape(byte()) e.detail = any() add(e) end,
    function() add(exceptions.KeyError("k" .. byte())) end,
    function() add(known[byte() % #known + 1]) end,
    function() add(natives[byte() % #natives + 1]) end,
    function() add(modules[byte() % #modules + 1]) end,
    function() local t = {} for i = 1, byte() do t[i] = i end add(t) end,
    function() local t = any() for _ = 1, byte() do t = { t } end add(t) end,
    function() if byte() == 7 then add(coroutine.create(print)) end end,
  }
  for _ = 1, 100 do
    if position > #bytes then break end
    make[byte() % #make + 1]()
  end
  return pool
end

-- MARK: Describing

local function names_of(values, prefix)
  local names = {}
  for name, value in pairs(values) do
    if type(name) == "string" and (type(value) == "function" or type(value) == "table") then names[value] = prefix .. name end
  end
  return names
end

local function described(root)
  local ids, count, out = {}, 0, {}
  local queue, first = {}, 1
  local modules_by_table = {}
  for name, module in pairs(package.loaded) do if type(module) == "table" then modules_by_table[module] = name end end
  local functions = names_of(_G, "_G.")
  for name, module in pairs(package.loaded) do
    if type(module) == "table" and name ~= "_G" and name ~= "roundtrip" then
      for value, full in pairs(names_of(module, name .. ".")) do functions[value] = functions[value] or full end
    end
  end
  local known_functions = functions
  local variables, variable_count = {}, 0
  local function word(value)
    local kind = type(value)
    if kind == "string" then return ("s%q"):format(value) end
    if math.type(value) == "float" then return ("f%s"):format(string.pack("<d", value == value and value or 0 / 0):gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
    if kind == "number" or kind == "boolean" or kind == "nil" then return kind .. tostring(value) end
    if modules_by_table[value] then return "module " .. modules_by_table[value] end
    if kind == "function" and not debug.getinfo(value, "S").what:find("Lua") then return "native " .. (known_functions[value] or "?") end
    if kind == "userdata" then return tostring(value) end
    if kind == "table" and rawget(value, "__name") then return "class " .. tostring(value) end
    if not ids[value] then
      count = count + 1
      ids[value] = count
      queue[#queue + 1] = value
    end
    return kind .. ids[value]
  end
  local function pairs_of(t)
    local lines = {}
    for key, value in next, t do
      local k = key == t and "itself" or word(key)
      -- The place of the traceback is where the value was made; here that is all one.
      if key ~= "traceback" and key ~= "where" then lines[#lines + 1] = { k, value } end
    end
    table.sort(lines, function(a, b) return a[1] < b[1] end)
    for i, line in ipairs(lines) do lines[i] = line[1] .. "=" .. word(line[2]) end
    return table.concat(lines, ";")
  end
  local function upvalues_of(f)
    local lines = { "code " .. #string.dump(f, true) }
    for i = 1, 255 do
      local name, value = debug.getupvalue(f, i)
      if not name then break end
      local id = debug.upvalueid(f, i)
      if not variables[id] then
        variable_count = variable_count + 1
        variables[id] = variable_count
      end
      lines[#lines + 1] = name .. "@" .. variables[id] .. "=" .. word(value)
    end
    return table.concat(lines, ";")
  end
  out[1] = word(root)
  while queue[first] do
    local value = queue[first]
    first = first + 1
    if type(value) == "function" then
      out[#out + 1] = upvalues_of(value)
    elseif type(value) == "thread" then
      out[#out + 1] = "coroutine"
    else
      local metatable = debug.getmetatable(value)
      out[#out + 1] = pairs_of(value) .. (metatable and " meta " .. word(metatable) or "")
    end
  end
  return table.concat(out, "\n")
end

-- MARK: The way there and back

local description

-- In the first interpreter. False if the value is one that may not cross.
function roundtrip.send(bytes)
  local value = build(bytes)
  description = described(value)
  local ok, e = pcall(forth.put, forth, value)
  if not ok then
    if not description:find("coroutine", 1, true) or not tostring(e):find("^cannot pass to another thread: item.*: a coroutine$") then
      error("refused: " .. tostring(e), 0)
    end
    return false
  end
  return true
end

-- In the second one.
function roundtrip.receive()
  local value = forth:get_nowait()
  back:put(value)
  back:put(described(value))
end

-- In the first one again.
function roundtrip.compare()
  local value, there = back:get_nowait(), back:get_nowait()
  local function check(other, where)
    if other == description then return end
    local lines = description:gmatch("[^\n]*")
    for line in other:gmatch("[^\n]*") do
      local expected = lines()
      if line ~= expected then error(("%s it is\n%.500s\nand was\n%.500s"):format(where, line, expected), 0) end
    end
    error(where .. " something is missing", 0)
  end
  check(there, "there")
  check(described(value), "back")
end

return roundtrip

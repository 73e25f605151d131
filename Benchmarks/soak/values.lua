-- Random values that tell whether they arrived as they were sent.
local soak = require "soak"
local exceptions = require "exceptions"

local values = {}

local function text(length)
  local bytes = {}
  for i = 1, length do bytes[i] = string.char(math.random(0, 255)) end
  return table.concat(bytes)
end

local kinds = {
  {
    make = function() return math.random(math.mininteger, math.maxinteger) end,
    check = function(value) return math.type(value) == "integer" end,
  },
  {
    make = function() return math.random() * 10 ^ math.random(-300, 300) end,
    check = function(value) return math.type(value) == "float" end,
  },
  {
    make = function() return text(math.random(0, 2000)) end,
    check = function(value) return type(value) == "string" end,
  },
  { -- shared references and cycles
    make = function()
      local shared = { text(10) }
      local value = { shared, shared, deep = { shared } }
      value.self = value
      return value
    end,
    check = function(value)
      return value.self == value and value[1] == value[2] and value.deep[1] == value[1] and #value[1][1] == 10
    end,
  },
  { -- two functions that share an upvalue
    make = function()
      local count = math.random(1000)
      local first = count
      return { up = function() count = count + 1 return count end, get = function() return count end, first = first }
    end,
    check = function(value) return value.up() == value.first + 1 and value.get() == value.first + 1 end,
  },
  { -- by reference
    make = function()
      local token = soak.Token()
      return { token, { token } }
    end,
    check = function(value) return value[1] == value[2][1] end,
  },
  {
    make = function() return exceptions.KeyError("key " .. math.random(100)) end,
    check = function(value) return exceptions.KeyError:is(value) and tostring(value):match("^key %d+$") end,
  },
  { -- deep nesting
    make = function()
      local depth = math.random(1, 300)
      local value = { "bottom" }
      for _ = 1, depth do value = { value } end
      return { value, depth = depth }
    end,
    check = function(value)
      local inner = value[1]
      for _ = 1, value.depth do inner = inner[1] end
      return inner[1] == "bottom"
    end,
  },
}

function values.make()
  local kind = math.random(#kinds)
  return { kind = kind, value = kinds[kind].make() }
end

function values.check(item)
  local kind = type(item) == "table" and kinds[item.kind]
  if not kind or not kind.check(item.value) then
    soak.fail("a value of kind " .. tostring(type(item) == "table" and item.kind) .. " arrived broken")
  end
  soak.count("messages", 1)
end

-- The ways to fail, and how each is told afterwards.
values.errors = {
  { raise = function(serial) error("plain " .. serial, 0) end, check = function(e, serial) return e == "plain " .. serial end },
  { raise = function(serial) error({ serial = serial }) end, check = function(e, serial) return type(e) == "table" and e.serial == serial end },
  {
    raise = function(serial) error(exceptions.ValueError(serial)) end,
    check = function(e, serial) return exceptions.ValueError:is(e) and tostring(e) == tostring(serial) end,
  },
  { raise = function() local nothing return nothing.field end, check = function(e) return tostring(e):find("attempt to index a nil value", 1, true) end },
  { raise = function() coroutine.wrap(function() error("inner", 0) end)() end, check = function(e) return tostring(e):find("inner", 1, true) end },
}

return values

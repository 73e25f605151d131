-- A file whose lines show no more than a call's text gets the same texts as one that looks at the call site, for which records are made.
local logging, testing = require "logging", require "testing"
local folder = ...

local function handler(name, format)
  local made = logging.FileHandler(folder .. "/" .. name)
  made:setFormatter(logging.Formatter(format))
  return made
end

local lines, records = logging.getLogger("lines"), logging.getLogger("records")
local handlers = { handler("lines", "%(message)s|"), handler("records", "%(message)s|%(lineno).0s") }
for place, log in ipairs { lines, records } do
  log:setLevel("DEBUG")
  log.propagate = false
  log:addHandler(handlers[place])
end

local function both(...)
  lines:info(...)
  records:info(...)
end

local calls = {
  { "" }, { "", 1 }, { "plain" }, { "100%" }, { "%" }, { "%%" }, { "%%", 1 }, { "%s%%", "a" }, { "a %d z", 0 },
  { "%d|%d", math.mininteger, math.maxinteger }, { "%d", -7 }, { "%s%s%s", "", "", "" }, { "%s", true }, { "%s|%s", false, nil, n = 3 },
  { "%5d|%-4s|%x", 3, "a", 255 }, { "%s", 1.5 }, { "%d", 3.0 }, { "%s", "zero \0 byte" }, { "zero \0 byte" },
  { "ü %s", "négligé" }, { "not text \xff" }, { "not text \xff %s", "a" }, { "%s", "\xc3(" }, { "\xc3%s", "\xa4" }, { "%s", "1234567\xff" },
  { "%s", "12345678\xff" }, { "\xed\xa0\x80" }, { "surplus", 1, 2 }, { "surplus %s", 1, 2, 3 },
  { "fields", { a = 1 } }, { "fields %s", 1, { a = 1 } }, { "fields %s", 1, 2, { a = 1 } }, { "table first %s", 1, { a = 1 }, 2 },
  { "as text %s", setmetatable({}, { __tostring = function() return "shown" end }) }, { 42 }, { "%s", "%d" },
}
for _, size in ipairs { 1000, 1023, 1024, 1025, 4000, 4095, 4096, 4097, 70000 } do
  calls[#calls + 1] = { ("x"):rep(size) }
  calls[#calls + 1] = { "%s|%d", ("y"):rep(size), size }
  calls[#calls + 1] = { ("z"):rep(size) .. "%s", "end" }
end
for _, call in ipairs(calls) do both(table.unpack(call, 1, call.n or #call)) end
both("%s|%s", nil, nil)
for _, made in ipairs(handlers) do made:close() end

local function content(name)
  local file <close> = assert(io.open(folder .. "/" .. name, "rb"))
  return file:read("a")
end
local text = content("lines")
testing.equal(text, content("records"))
testing.equal(text:sub(1, 27), "|\n|\nplain|\n100%|\n%|\n%%|\n%|\n")
for _, part in ipairs { "a 0 z|\n", "not text \\xff a|\n", "fields 1|\n", "as text shown|\n", "\n%d|\n" } do
  assert(text:find(part, 1, true), part)
end

-- Literals of formats, short and long, and nothing after the last one.
for _, format in ipairs {
  "%(message)s", "%(levelname)s%(name)s%(message)s", "12345678%(message)s", "123456789%(message)s12345678", "ab %(message)s cdefgh",
  "%(message)s123456789", "x%(levelname)sy%(message)sz",
} do
  local line, record = handler("short", format), handler("long", format .. "%(lineno).0s")
  for place, log in ipairs { lines, records } do log.handlers = { place == 1 and line or record } end
  both("m")
  both("a longer message with the number %d", 12)
  line:close()
  record:close()
  testing.equal((content("short"):gsub("lines", "records")), content("long"), format)
  os.remove(folder .. "/short")
  os.remove(folder .. "/long")
end

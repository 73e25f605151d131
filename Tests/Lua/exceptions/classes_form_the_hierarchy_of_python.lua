local exceptions = require "exceptions"
local t = require "testing"

-- Every class is Python's of that name, and so is its parent.
local names = {}
for name, class in pairs(exceptions) do
  if type(class) == "table" and exceptions.Exception ~= nil and class.subclass then names[#names + 1] = name end
end
table.sort(names)
t.equal(#names >= 40, true)
local lines = {}
for _, name in ipairs(names) do
  local parent = exceptions[name].super
  lines[#lines + 1] = name .. " " .. (parent and parent.__name or "object")
end
t.equal(table.concat(lines, "\n"), t.python([[
import builtins, sys
for name in sys.argv[1:]: print(name, getattr(builtins, name).__bases__[0].__name__)]], table.unpack(names)))

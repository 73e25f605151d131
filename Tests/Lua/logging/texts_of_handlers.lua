-- Handlers read as Python's repr has them.
local logging = require "logging"
local function equal(actual, expected) if actual ~= expected then error(actual .. " is not " .. expected, 2) end end

equal(tostring(logging.StreamHandler(io.stdout)), "<StreamHandler <stdout> (NOTSET)>")
local handler = logging.StreamHandler()
handler:setLevel("ERROR")
equal(tostring(handler), "<StreamHandler <stderr> (ERROR)>")
equal(tostring(logging.NullHandler()), "<NullHandler (NOTSET)>")
equal(tostring(logging.FileHandler("/dev/null", "a", nil, true)), "<FileHandler /dev/null (NOTSET)>")

local Mine = logging.StreamHandler:subclass("Mine")
equal(tostring(Mine(io.stdout)), "<Mine <stdout> (NOTSET)>")

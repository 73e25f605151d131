---@meta struct

---Values to bytes and back, in C's layouts: <https://docs.python.org/3/library/struct.html>.
---@class nightjar.struct
---@field error nightjar.ExceptionClass
local struct = {}

---@param format string
---@param ... any
---@return string
function struct.pack(format, ...) end

---The values in a buffer of exactly the format's size.
---@param format string
---@param buffer string
---@return any ...
function struct.unpack(format, buffer) end

---The values in a buffer from an offset on.
---@param format string
---@param buffer string
---@param offset? integer Bytes to skip, 0 by default; negative ones count from the end.
---@return any ...
function struct.unpack_from(format, buffer, offset) end

---Goes through the records of a buffer: `for a, b in struct.iter_unpack("<HH", data) do`.
---@param format string
---@param buffer string
---@return fun(): any ...
function struct.iter_unpack(format, buffer) end

---The size of a record in bytes.
---@param format string
---@return integer
function struct.calcsize(format) end

---A format that is read once.
---@class nightjar.Struct
---@field format string
---@field size integer
local Struct = {}

---@param ... any
---@return string
function Struct:pack(...) end

---@param buffer string
---@return any ...
function Struct:unpack(buffer) end

---@param buffer string
---@param offset? integer
---@return any ...
function Struct:unpack_from(buffer, offset) end

---@param buffer string
---@return fun(): any ...
function Struct:iter_unpack(buffer) end

---@param format string
---@return nightjar.Struct
function struct.Struct(format) end

---@param name? string
function struct.help(name) end

return struct

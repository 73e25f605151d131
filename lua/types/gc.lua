---@meta gc

---The garbage collector: <https://docs.python.org/3/library/gc.html>.
---@class nightjar.gc
local gc = {}

---Collects now, and runs the callbacks of what died.
---@param generation? integer
---@return integer
function gc.collect(generation) end

function gc.enable() end

function gc.disable() end

---@return boolean
function gc.isenabled() end

---@return integer, integer, integer
function gc.get_count() end

---@param name? string
function gc.help(name) end

return gc

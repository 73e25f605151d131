---@meta logging.config

---Logging from one table: <https://docs.python.org/3/library/logging.config.html>.
---@class nightjar.logging.config
local config = {}

---@class nightjar.FormatterConfig
---@field format? string
---@field datefmt? string
---@field style? "%"|"{"|"$"
---@field validate? boolean
---@field defaults? table<string, any>
---@field [string] any

---@class nightjar.HandlerConfig
---@field class? string "logging.StreamHandler", "logging.FileHandler", ...
---@field level? nightjar.Level
---@field formatter? string The id of a formatter.
---@field filters? any[] Ids of filters, or filters.
---@field [string] any Arguments of the class: filename, mode, stream ("ext://sys.stdout"), ...

---@class nightjar.LoggerConfig
---@field level? nightjar.Level
---@field propagate? boolean
---@field filters? any[]
---@field handlers? string[] Ids of handlers.

---@class nightjar.LoggingConfig
---@field version 1
---@field formatters? table<string, nightjar.FormatterConfig>
---@field filters? table<string, table>
---@field handlers? table<string, nightjar.HandlerConfig>
---@field loggers? table<string, nightjar.LoggerConfig>
---@field root? nightjar.LoggerConfig
---@field incremental? boolean
---@field disable_existing_loggers? boolean true by default

---Applies a configuration, all or nothing: a wrong one changes nothing, and the error names the place.
---@param configuration nightjar.LoggingConfig
function config.dictConfig(configuration) end

---@param name? string
function config.help(name) end

return config

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

---Applies an INI file in Python's schema; arguments are literals only.
---@param fname string|file*
---@param defaults? table<string, any> Values for `%(name)s`.
---@param disable_existing_loggers? boolean true by default
---@param encoding? string
function config.fileConfig(fname, defaults, disable_existing_loggers, encoding) end

---@class nightjar.ConfigSocketReceiver
---@field port integer
---@field ready nightjar.Event Set once the socket listens.
local Receiver = {}

function Receiver:start() end

---@param timeout? number
function Receiver:join(timeout) end

---@return boolean
function Receiver:is_alive() end

---A thread that takes configurations from a socket: four bytes of length, then JSON.
---@param port? integer 9030 by default; 0 has the system choose.
---@param verify? fun(text: string): string? What it returns is applied; nil refuses.
---@param options? {host: string} 127.0.0.1 by default
---@return nightjar.ConfigSocketReceiver
function config.listen(port, verify, options) end

function config.stopListening() end

---Makes a handler of a class that configurations can name, the application's included.
---@param class string
---@param arguments? table<string, any>
---@return nightjar.Handler
function config.handler(class, arguments) end

---@param class string
---@param arguments? table<string, any>
---@return nightjar.Formatter
function config.formatter(class, arguments) end

---@param class string
---@param arguments? table<string, any>
---@return nightjar.Filter
function config.filter(class, arguments) end

---@param name? string
function config.help(name) end

return config

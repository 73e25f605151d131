---@meta _

-- Formatters, adapters and filters of `logging`, which this file adds to.

---@class nightjar.logging
local logging = {}

---@class nightjar.FormatterOptions
---@field fmt? string
---@field datefmt? string
---@field style? "%"|"{"|"$"
---@field validate? boolean true by default
---@field defaults? table<string, any> Values for names that a record does not have.
---@field single_line? boolean Escapes line ends and control characters.
---@field utc? boolean

---@class nightjar.FormatterClass
---@overload fun(fmt?: string|nightjar.FormatterOptions, datefmt?: string, style?: "%"|"{"|"$"): nightjar.Formatter
---@field super any
local FormatterClass = {}

---@param name string
---@return any class
function FormatterClass:subclass(name) end

---@class nightjar.Formatter
---@field datefmt string?
---@field converter "localtime"|"gmtime"
---@field default_time_format string
---@field default_msec_format string?
local Formatter = {}

---@param record nightjar.LogRecord
---@return string
function Formatter:format(record) end

---@param record nightjar.LogRecord
---@param datefmt? string
---@return string
function Formatter:formatTime(record, datefmt) end

---@param error any
---@return string
function Formatter:formatException(error) end

---@param record nightjar.LogRecord
---@return string
function Formatter:formatMessage(record) end

---@param frames string
---@return string
function Formatter:formatStack(frames) end

---@return boolean
function Formatter:usesTime() end

---@class nightjar.StructuredFormatterOptions
---@field keys? table What is written: names in their order, `{name, newName}` to rename.
---@field utc? boolean

---One JSON object a line.
---@param keys? table|nightjar.StructuredFormatterOptions
---@param utc? boolean
---@return nightjar.Formatter
function logging.JSONFormatter(keys, utc) end

---One line of `name=value` pairs.
---@param keys? table|nightjar.StructuredFormatterOptions
---@param utc? boolean
---@return nightjar.Formatter
function logging.LogfmtFormatter(keys, utc) end

---@class nightjar.BufferingFormatter
---@field linefmt nightjar.Formatter
local BufferingFormatter = {}

---@param records nightjar.LogRecord[]
---@return string
function BufferingFormatter:format(records) end

---@param records nightjar.LogRecord[]
---@return string
function BufferingFormatter:formatHeader(records) end

---@param records nightjar.LogRecord[]
---@return string
function BufferingFormatter:formatFooter(records) end

---@param linefmt? nightjar.Formatter
---@return nightjar.BufferingFormatter
function logging.BufferingFormatter(linefmt) end

---@class nightjar.LoggerAdapter: nightjar.Logger
---@field logger nightjar.Logger
---@field extra table?
---@field merge_extra boolean?
local LoggerAdapter = {}

---@param msg any
---@param kwargs table
---@return any msg
---@return table kwargs
function LoggerAdapter:process(msg, kwargs) end

---@param logger nightjar.Logger
---@param extra? table
---@param merge_extra? boolean
---@return nightjar.LoggerAdapter
function logging.LoggerAdapter(logger, extra, merge_extra) end

---@class nightjar.FilterClass
---@overload fun(name?: string): nightjar.Filter
---@field super any
local FilterClass = {}

---@param name string
---@return any class
function FilterClass:subclass(name) end

---@class nightjar.Filter
---@field name string
local Filter = {}

---@param record nightjar.LogRecord
---@return boolean|nightjar.LogRecord
function Filter:filter(record) end

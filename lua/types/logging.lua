---@meta logging

---Records, loggers, handlers, filters and formatters: <https://docs.python.org/3/library/logging.html>.
---@class nightjar.logging
---@field NOTSET 0
---@field DEBUG 10
---@field INFO 20
---@field WARN 30
---@field WARNING 30
---@field ERROR 40
---@field FATAL 50
---@field CRITICAL 50
---@field lastResort nightjar.Handler?
---@field raiseExceptions boolean
---@field logThreads boolean Whether records have `thread` and `threadName`.
---@field logProcesses boolean
---@field logMultiprocessing boolean
---@field logAsyncioTasks boolean
---@field root nightjar.Logger
---@field Handler nightjar.HandlerClass
---@field Formatter nightjar.FormatterClass
---@field Filter nightjar.FilterClass
local logging = {}

---A number or a name: 20, "INFO".
---@alias nightjar.Level integer|string

---A name of loggers, a table with a method `filter`, or a function: true, false, or another record to go on with.
---@alias nightjar.FilterLike nightjar.Filter|table|fun(record: nightjar.LogRecord): boolean|nightjar.LogRecord

---@class nightjar.LogRecord
---@field name string
---@field msg any
---@field args any[]
---@field levelno integer
---@field levelname string
---@field pathname string
---@field filename string
---@field module string
---@field lineno integer
---@field funcName string
---@field created number Seconds since 1970.
---@field msecs number
---@field relativeCreated number Milliseconds since logging began.
---@field thread integer
---@field threadName string
---@field process integer
---@field processName string
---@field taskName string?
---@field exc_info any
---@field exc_text string?
---@field stack_info string?
---@field fields table<string, any> What a table after the message's arguments gave.
---@field [string] any
local LogRecord = {}

---The text with its arguments merged in.
---@return string
function LogRecord:getMessage() end

---@class nightjar.LoggerManager
---@field root nightjar.Logger
---@field disable nightjar.Level
---@field loggerDict table<string, nightjar.Logger>
---@field loggerClass any
---@field logRecordFactory any
---@field emittedNoHandlerWarning boolean Whether it was said that a record has met no handler.
local LoggerManager = {}

---@param name string
---@return nightjar.Logger
function LoggerManager:getLogger(name) end

---@class nightjar.Logger
---@field name string
---@field level integer
---@field parent nightjar.Logger?
---@field propagate boolean
---@field disabled boolean
---@field handlers nightjar.Handler[]
---@field filters any[]
---@field manager nightjar.LoggerManager
local Logger = {}

---`log:info("user %s took %d ms", name, ms)`; a table after the arguments holds fields: `log:info("paid", {order = 7})`.
---@param msg any
---@param ... any
function Logger:debug(msg, ...) end

---@param msg any
---@param ... any
function Logger:info(msg, ...) end

---@param msg any
---@param ... any
function Logger:warning(msg, ...) end

---@param msg any
---@param ... any
function Logger:error(msg, ...) end

---@param msg any
---@param ... any
function Logger:critical(msg, ...) end

---Level ERROR, with an error value: `log:exception("no config", {exc_info = e})`.
---@param msg any
---@param ... any
function Logger:exception(msg, ...) end

---@param level integer
---@param msg any
---@param ... any
function Logger:log(level, msg, ...) end

---@param level nightjar.Level
function Logger:setLevel(level) end

---@param level integer
---@return boolean
function Logger:isEnabledFor(level) end

---@return integer
function Logger:getEffectiveLevel() end

---@param suffix string
---@return nightjar.Logger
function Logger:getChild(suffix) end

---@return nightjar.Logger[]
function Logger:getChildren() end

---@param handler nightjar.Handler
function Logger:addHandler(handler) end

---@param handler nightjar.Handler
function Logger:removeHandler(handler) end

---@return boolean
function Logger:hasHandlers() end

---@param filter nightjar.FilterLike
function Logger:addFilter(filter) end

---@param filter nightjar.FilterLike
function Logger:removeFilter(filter) end

---@param record nightjar.LogRecord
function Logger:handle(record) end

---A logger whose records all have these fields.
---@param fields table<string, any>
---@return nightjar.LoggerAdapter
function Logger:bind(fields) end

---@param stack_info? boolean
---@param stacklevel? integer
---@return string path
---@return integer line
---@return string func
---@return string? stack
function Logger:findCaller(stack_info, stacklevel) end

---Makes and handles a record, whatever its level: what the logging methods do once they know that it is wanted.
---@param level integer
---@param msg any
---@param args? any[] The arguments of the message.
---@param options? table<string, any> Fields, and `extra`, `exc_info`, `stack_info`, `stacklevel`.
function Logger:_log(level, msg, args, options) end

---How records are handed on by a thread of the handler's own, out of a queue.
---@class nightjar.AsyncOptions
---@field capacity? integer How many records may wait; 10000 by default.
---@field overflow? "block"|"drop_newest"|"drop_oldest" What becomes of a record that finds the queue full; `block` by default.
---@field batch? integer So many records go at once, without waiting for more.
---@field flush_interval? number Seconds that a record waits for others to go with it; 0.05 by default.
---@field flush_level? nightjar.Level Records of this level or above go at once; ERROR by default.
---@field timeout? number Seconds that closing waits for what is queued; 5 by default.

---When a delivery that failed is tried again.
---@class nightjar.RetryOptions
---@field attempts? integer How often in all; until it passes by default.
---@field initial? number Seconds before the second attempt; 1 by default.
---@field max? number Seconds between two attempts at most; 30 by default.
---@field factor? number How much longer each time; 2 by default.

---What every handler class takes by name. `retry` and `fallback` need a queue and bring one.
---@class nightjar.DeliveryOptions
---@field async? boolean|nightjar.AsyncOptions
---@field retry? boolean|nightjar.RetryOptions
---@field fallback? string|nightjar.Handler Gets what could not be delivered for good.

---What became of the records that reached a handler.
---@class nightjar.HandlerStatistics
---@field name string?
---@field class string
---@field handled integer Those that passed level and filters.
---@field delivered integer
---@field dropped integer Those that found the queue full, or the handler stuck at its end.
---@field failed integer
---@field diverted integer Of those that failed: those that the fallback has taken.
---@field retried integer Attempts beyond the first.
---@field filtered integer
---@field queued integer
---@field recursions integer Those that the handler caused itself, and that were refused.

---A file, or an object that can write; the latter works in an interpreter of its own, and the script's table stands for it.
---@alias nightjar.Stream file*|{write: (fun(self: any, text: string)), flush?: fun(self: any)}

---@class nightjar.HandlerOptions: nightjar.DeliveryOptions
---@field level? nightjar.Level

---@class nightjar.StreamHandlerOptions: nightjar.DeliveryOptions
---@field stream? nightjar.Stream io.stderr by default.
---@field color? "auto"|"always"|"never" Whether records are coloured by level; never by default.
---@field colors? table<string, string> Colours by level: `{ERROR = "bold red"}`.

---@class nightjar.HandlerClass
---@overload fun(level?: nightjar.Level|nightjar.HandlerOptions): nightjar.Handler
---@field super any
local HandlerClass = {}

---A class of handlers; define `emit` on it. It runs in an interpreter of its own, under its own lock.
---@param name string
---@return any class
function HandlerClass:subclass(name) end

---@class nightjar.Handler
---@field name string?
---@field level integer
---@field formatter nightjar.Formatter?
---@field filters any[]
---@field [string] any What a configuration has set by `.`, and fields of a script's own.
local Handler = {}

---@param level nightjar.Level
function Handler:setLevel(level) end

---@param formatter nightjar.Formatter
function Handler:setFormatter(formatter) end

---@param filter nightjar.FilterLike
function Handler:addFilter(filter) end

---@param filter nightjar.FilterLike
function Handler:removeFilter(filter) end

---@param record nightjar.LogRecord
---@return string
function Handler:format(record) end

---@param record nightjar.LogRecord
function Handler:emit(record) end

---Gives the record that passed the filters, or false.
---@param record nightjar.LogRecord
---@return nightjar.LogRecord|false
function Handler:handle(record) end

---Hands on what is kept back, and waits for what is queued.
function Handler:flush() end

---@return nightjar.HandlerStatistics
function Handler:stats() end

function Handler:close() end

---@class nightjar.StreamHandler: nightjar.Handler
---@field terminator string
---@field stream any What is written to; fields and methods of a script's own object work in its interpreter. Nil for a file not open.
---@field color "auto"|"always"|"never"
local StreamHandler = {}

---Goes on with another stream; gives the one before, or nil if it is the same.
---@param stream nightjar.Stream
---@return any
function StreamHandler:setStream(stream) end

---@param stream? nightjar.Stream|nightjar.StreamHandlerOptions io.stderr by default
---@return nightjar.StreamHandler
function logging.StreamHandler(stream) end

---@class nightjar.FileHandler: nightjar.StreamHandler
---@field baseFilename string
---@field mode string
---@field encoding string
---@field errors string?
---@field delay boolean Whether the file is opened at the first record.

---@class nightjar.FileHandlerOptions: nightjar.DeliveryOptions
---@field filename string
---@field mode? string `a` by default.
---@field encoding? string `utf-8` by default; `ascii` and `latin-1` are known too.
---@field errors? string What becomes of characters that the encoding lacks: `strict`, `ignore`, `replace`, ...
---@field delay? boolean Opens at the first record.

---@param filename string|nightjar.FileHandlerOptions
---@param mode? string
---@param encoding? string
---@param delay? boolean
---@return nightjar.FileHandler
function logging.FileHandler(filename, mode, encoding, delay) end

---@return nightjar.Handler
function logging.NullHandler() end

---@class nightjar.RateLimitOptions
---@field rate number Records a second, in the long run.
---@field burst? integer How many may come at once after a quiet time; `rate` rounded up by default.
---@field key? "template"|"logger"|"call_site"|"all" What has an allowance of its own: each message by default.
---@field interval? number Seconds after which it is said how many were held back; 1 by default.

---Lets so many records a second pass, and says how many it held back.
---@param rate number|nightjar.RateLimitOptions
---@param burst? integer
---@param key? "template"|"logger"|"call_site"|"all"
---@param interval? number
---@return nightjar.Filter
function logging.RateLimitFilter(rate, burst, key, interval) end

---Sums up records that say the same: `last message repeated 37 times`, at the latest after `interval` seconds (1 by default).
---@param interval? number|{interval?: number}
---@return nightjar.Filter
function logging.DuplicateFilter(interval) end

---@class nightjar.SamplingOptions
---@field rate number From 0, nothing, to 1, everything.
---@field seed? integer With one the same records pass in every run.
---@field level? nightjar.Level Records of this level or above always pass.

---Lets a share of the records pass.
---@param rate number|nightjar.SamplingOptions
---@param seed? integer
---@param level? nightjar.Level
---@return nightjar.Filter
function logging.SamplingFilter(rate, seed, level) end

---The logger of a dotted name; without one, the root.
---@param name? string
---@return nightjar.Logger
function logging.getLogger(name) end

---@param msg any
---@param ... any
function logging.debug(msg, ...) end

---@param msg any
---@param ... any
function logging.info(msg, ...) end

---@param msg any
---@param ... any
function logging.warning(msg, ...) end

---@param msg any
---@param ... any
function logging.error(msg, ...) end

---@param msg any
---@param ... any
function logging.critical(msg, ...) end

---@param msg any
---@param ... any
function logging.exception(msg, ...) end

---@param level integer
---@param msg any
---@param ... any
function logging.log(level, msg, ...) end

---@class nightjar.BasicConfig
---@field filename? string
---@field filemode? string `a` by default.
---@field format? string
---@field datefmt? string
---@field style? "%"|"{"|"$"
---@field level? nightjar.Level
---@field stream? file*
---@field handlers? nightjar.Handler[]
---@field force? boolean Replaces what the root logger has.
---@field encoding? string
---@field errors? string

---Gives the root logger a handler, unless it has one.
---@param options? nightjar.BasicConfig
function logging.basicConfig(options) end

---Refuses records of this level and below everywhere.
---@param level? nightjar.Level CRITICAL by default
function logging.disable(level) end

---The name of a level, or the level of a name.
---@param level nightjar.Level
---@return string|integer
function logging.getLevelName(level) end

---@param level integer
---@param levelName string
function logging.addLevelName(level, levelName) end

---@return table<string, integer>
function logging.getLevelNamesMapping() end

---@param name string
---@return nightjar.Handler?
function logging.getHandlerByName(name) end

---@return string[]
function logging.getHandlerNames() end

---What became of the records of each handler, by the handlers' names or classes.
---@return table<string, nightjar.HandlerStatistics>
function logging.stats() end

---@param attributes table<string, any>
---@return nightjar.LogRecord
function logging.makeLogRecord(attributes) end

---Flushes and closes all handlers, or those of a list.
---@param handlerList? any[]
function logging.shutdown(handlerList) end

---Sends what Lua's `warn` says to the logger `py.warnings`, or no longer.
---@param capture boolean
function logging.captureWarnings(capture) end

---A logger that no name leads to.
---@param name string
---@param level? nightjar.Level
---@return nightjar.Logger
function logging.Logger(name, level) end

---@param class any A subclass of `logging.Logger`.
function logging.setLoggerClass(class) end

---@return any
function logging.getLoggerClass() end

---@param factory any A function or a subclass of `logging.LogRecord`.
function logging.setLogRecordFactory(factory) end

---@return any
function logging.getLogRecordFactory() end

---@param name? string
function logging.help(name) end

return logging

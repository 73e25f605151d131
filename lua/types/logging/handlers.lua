---@meta logging.handlers

---Handlers beyond streams and files: <https://docs.python.org/3/library/logging.handlers.html>. Those that send over a network are
---asynchronous unless told otherwise, and try again: `async = false`, `retry = false` turn that off.
---@class nightjar.logging.handlers
---@field DEFAULT_TCP_LOGGING_PORT 9020
---@field DEFAULT_UDP_LOGGING_PORT 9021
---@field DEFAULT_HTTP_LOGGING_PORT 9022
---@field DEFAULT_SOAP_LOGGING_PORT 9023
---@field SYSLOG_UDP_PORT 514
---@field SYSLOG_TCP_PORT 514
local handlers = {}

---How a server is to prove who it is, and how we do.
---@class nightjar.TLSOptions
---@field cafile? string Certificates of authorities to believe in place of the system's.
---@field capath? string
---@field certfile? string Our own certificate.
---@field keyfile? string
---@field verify? boolean Whether the server's certificate is checked; true by default.

---`{"user", "password"}`, named, or a token.
---@alias nightjar.Credentials string[]|{username: string, password: string}|{bearer: string}

---@class nightjar.SocketHandlerOptions: nightjar.DeliveryOptions
---@field host string A name, an address, or without a port the path of a Unix socket.
---@field port? integer
---@field format? "json"|"pickle" What goes over the wire: a line of JSON (or of the formatter's text), or what Python sends.
---@field timeout? number Seconds, 5 by default.

---@class nightjar.SocketHandler: nightjar.Handler
---@field host string
---@field port integer?
---@field closeOnError boolean
---@field retryStart number Seconds without an attempt after the first failure, in a handler without a queue.
---@field retryMax number
---@field retryFactor number
---@field retryTime number? When there may be a next attempt.
---@field sock true? While there is a connection.
local SocketHandler = {}

---The bytes that go over the wire for a record; to be overridden.
---@param record nightjar.LogRecord
---@return string
function SocketHandler:makePickle(record) end

---Sends bytes as they are; to be overridden.
---@param bytes string
function SocketHandler:send(bytes) end

---Connects now, unless it is too early after a failure.
function SocketHandler:createSocket() end

---@param host string|nightjar.SocketHandlerOptions
---@param port? integer
---@return nightjar.SocketHandler
function handlers.SocketHandler(host, port) end

---@class nightjar.DatagramHandler: nightjar.SocketHandler

---@param host string|nightjar.SocketHandlerOptions
---@param port? integer
---@return nightjar.DatagramHandler
function handlers.DatagramHandler(host, port) end

---@class nightjar.SysLogHandlerOptions: nightjar.DeliveryOptions
---@field address? string|any[]|{host: string, port: integer} A path such as "/dev/log", or {"localhost", 514}, the default.
---@field facility? integer|string "user" by default; "daemon", "local0", ...
---@field socktype? "udp"|"tcp"|"datagram"|"stream"|integer
---@field timeout? number Seconds, 5 by default.
---@field format? "python"|"rfc3164"|"rfc5424" The last one keeps the fields of records.
---@field framing? "octet"|"newline" On a connection; "octet" by default with the RFCs' formats.
---@field ident? string Put in front of the text in Python's format.
---@field append_nul? boolean
---@field app_name? string The name of the program by default.
---@field hostname? string
---@field sd_id? string Names the element with the fields: "fields@32473".

---@class nightjar.SysLogHandler: nightjar.Handler
---@field address string|any[]
---@field facility integer
---@field socktype "udp"|"tcp"|nil
---@field unixsocket boolean
---@field ident string
---@field append_nul boolean
---@field priority_names table<string, integer>
---@field facility_names table<string, integer>
---@field priority_map table<string, string>
local SysLogHandler = {}

---The number of a facility and a priority, each by number or name.
---@param facility integer|string
---@param priority integer|string
---@return integer
function SysLogHandler:encodePriority(facility, priority) end

---The name of the priority for the name of a level; to be overridden.
---@param levelname string
---@return string
function SysLogHandler:mapPriority(levelname) end

---Opens the socket now.
function SysLogHandler:createSocket() end

---@param address? string|any[]|nightjar.SysLogHandlerOptions
---@param facility? integer|string
---@param socktype? "udp"|"tcp"|"datagram"|"stream"|integer
---@param timeout? number
---@return nightjar.SysLogHandler
function handlers.SysLogHandler(address, facility, socktype, timeout) end

---@class nightjar.SMTPHandlerOptions: nightjar.DeliveryOptions
---@field mailhost string|any[]|{host: string, port: integer} {"mail.example.org", 587}
---@field fromaddr string An address, alone or as "Name <address>".
---@field toaddrs string|string[]
---@field subject string
---@field credentials? nightjar.Credentials
---@field secure? boolean|"starttls"|"tls"|nightjar.TLSOptions|string[] true is STARTTLS; a table says more.
---@field timeout? number Seconds, 5 by default.
---@field records_per_mail? integer

---@class nightjar.SMTPHandler: nightjar.Handler
---@field mailhost string
---@field mailport integer
---@field fromaddr string
---@field toaddrs string[]
---@field subject string
---@field timeout number Seconds.
local SMTPHandler = {}

---The subject of the mail with a record; to be overridden.
---@param record nightjar.LogRecord
---@return string
function SMTPHandler:getSubject(record) end

---@param mailhost string|any[]|nightjar.SMTPHandlerOptions
---@param fromaddr? string
---@param toaddrs? string|string[]
---@param subject? string
---@param credentials? nightjar.Credentials
---@param secure? boolean|"starttls"|"tls"|nightjar.TLSOptions|string[]
---@param timeout? number
---@return nightjar.SMTPHandler
function handlers.SMTPHandler(mailhost, fromaddr, toaddrs, subject, credentials, secure, timeout) end

---@class nightjar.HTTPHandlerOptions: nightjar.DeliveryOptions
---@field host string With a port if it is not the usual one: "localhost:8080".
---@field url string The path.
---@field method? "GET"|"POST"
---@field secure? boolean https
---@field credentials? nightjar.Credentials
---@field context? nightjar.TLSOptions
---@field format? "form"|"json"|"ndjson"
---@field headers? table<string, string>
---@field records_per_request? integer Not for forms.
---@field timeout? number Seconds, 5 by default.

---@class nightjar.HTTPHandler: nightjar.Handler
---@field host string
---@field url string
---@field method string
---@field secure boolean
local HTTPHandler = {}

---The table that is sent of a record; to be overridden.
---@param record nightjar.LogRecord
---@return table
function HTTPHandler:mapLogRecord(record) end

---@param host string|nightjar.HTTPHandlerOptions
---@param url? string
---@param method? "GET"|"POST"
---@param secure? boolean
---@param credentials? nightjar.Credentials
---@param context? nightjar.TLSOptions
---@return nightjar.HTTPHandler
function handlers.HTTPHandler(host, url, method, secure, credentials, context) end

---@class nightjar.OTLPHandlerOptions: nightjar.DeliveryOptions
---@field endpoint? string "http://localhost:4318/v1/logs" by default.
---@field resource? table<string, any> What the records come from: {["service.name"] = "shop"}.
---@field headers? table<string, string>
---@field credentials? nightjar.Credentials
---@field context? nightjar.TLSOptions
---@field records_per_request? integer 512 by default.
---@field timeout? number Seconds, 5 by default.

---@class nightjar.OTLPHandler: nightjar.Handler
---@field endpoint string
---@field resource table<string, any>

---@param endpoint? string|nightjar.OTLPHandlerOptions
---@return nightjar.OTLPHandler
function handlers.OTLPHandler(endpoint) end

---@class nightjar.BacktraceHandlerOptions: nightjar.DeliveryOptions
---@field capacity integer How many records are kept.
---@field target nightjar.Handler
---@field below? nightjar.Level Less important records are kept back; INFO by default.
---@field flushLevel? nightjar.Level Hands over what is kept; ERROR by default.

---@class nightjar.BacktraceHandler: nightjar.Handler
---@field capacity integer
---@field target nightjar.Handler
---@field below integer
---@field flushLevel integer
---@field buffer nightjar.LogRecord[]
local BacktraceHandler = {}

---Hands what is kept to the target now.
function BacktraceHandler:writeBacktrace() end

---Keeps the last unimportant records, and hands them to its target when an error comes.
---@param capacity integer|nightjar.BacktraceHandlerOptions
---@param target? nightjar.Handler
---@param below? nightjar.Level
---@param flushLevel? nightjar.Level
---@return nightjar.BacktraceHandler
function handlers.BacktraceHandler(capacity, target, below, flushLevel) end

---@class nightjar.RotatingFileHandlerOptions: nightjar.FileHandlerOptions
---@field maxBytes? integer
---@field backupCount? integer
---@field compress? boolean
---@field multi_process? boolean Whether other processes may write to the file; true by default.

---Subclasses may have any of these methods of their own.
---@class nightjar.BaseRotatingHandler: nightjar.FileHandler
---@field namer? fun(name: string): string
---@field rotator? fun(source: string, destination: string)
local BaseRotatingHandler = {}

---Rotates the file now.
function BaseRotatingHandler:doRollover() end

---Whether a record would have the file rotated first.
---@param record nightjar.LogRecord
---@return boolean
function BaseRotatingHandler:shouldRollover(record) end

---The name of a rotated file for the usual one.
---@param name string
---@return string
function BaseRotatingHandler:rotation_filename(name) end

---Moves the file to its rotated name.
---@param source string
---@param destination string
function BaseRotatingHandler:rotate(source, destination) end

---@class nightjar.RotatingFileHandler: nightjar.BaseRotatingHandler
---@field maxBytes integer
---@field backupCount integer

---@param filename string|nightjar.RotatingFileHandlerOptions
---@param mode? string
---@param maxBytes? integer
---@param backupCount? integer
---@return nightjar.RotatingFileHandler
function handlers.RotatingFileHandler(filename, mode, maxBytes, backupCount) end

---@class nightjar.TimedRotatingFileHandlerOptions: nightjar.FileHandlerOptions
---@field when? string `S M H D MIDNIGHT W0-W6`; `H` by default.
---@field interval? integer
---@field backupCount? integer
---@field utc? boolean
---@field atTime? table|string `{hour = 3, min = 30}` or `"03:30"`.
---@field compress? boolean
---@field multi_process? boolean

---@class nightjar.TimedRotatingFileHandler: nightjar.BaseRotatingHandler
---@field when string
---@field interval integer Seconds.
---@field backupCount integer
---@field suffix string A format of `os.date`.
---@field extMatch string? A pattern for what the names of rotated files end in, as `suffix` says.
---@field rolloverAt integer Seconds since 1970.
---@field utc boolean
---@field dayOfWeek integer? 0 is Monday.
---@field atTime {hour: integer, minute: integer, second: integer}?
local TimedRotatingFileHandler = {}

---The time of the first rotation after a time; to be overridden.
---@param time number
---@return integer
function TimedRotatingFileHandler:computeRollover(time) end

---The rotated files that are too many, oldest first; to be overridden.
---@return string[]
function TimedRotatingFileHandler:getFilesToDelete() end

---@param filename string|nightjar.TimedRotatingFileHandlerOptions
---@param when? string
---@param interval? integer
---@param backupCount? integer
---@return nightjar.TimedRotatingFileHandler
function handlers.TimedRotatingFileHandler(filename, when, interval, backupCount) end

---@class nightjar.WatchedFileHandler: nightjar.FileHandler
local WatchedFileHandler = {}

function WatchedFileHandler:reopenIfNeeded() end

---@param filename string|nightjar.FileHandlerOptions
---@param mode? string
---@return nightjar.WatchedFileHandler
function handlers.WatchedFileHandler(filename, mode) end

---@class nightjar.BufferingHandler: nightjar.Handler
---@field capacity integer
---@field buffer nightjar.LogRecord[]
local BufferingHandler = {}

---@param record nightjar.LogRecord
---@return boolean
function BufferingHandler:shouldFlush(record) end

---@param capacity integer
---@return nightjar.BufferingHandler
function handlers.BufferingHandler(capacity) end

---@class nightjar.MemoryHandler: nightjar.BufferingHandler
---@field flushLevel integer
---@field flushOnClose boolean
---@field target nightjar.Handler?
local MemoryHandler = {}

---@param target? nightjar.Handler
function MemoryHandler:setTarget(target) end

---@param capacity integer|table
---@param flushLevel? nightjar.Level ERROR by default
---@param target? nightjar.Handler
---@param flushOnClose? boolean true by default
---@return nightjar.MemoryHandler
function handlers.MemoryHandler(capacity, flushLevel, target, flushOnClose) end

---@class nightjar.QueueHandler: nightjar.Handler
---@field queue any
---@field listener nightjar.QueueListener? The one that a configuration made with it.
local QueueHandler = {}

---@param record nightjar.LogRecord
---@return nightjar.LogRecord
function QueueHandler:prepare(record) end

---@param record nightjar.LogRecord
function QueueHandler:enqueue(record) end

---@param queue any
---@return nightjar.QueueHandler
function handlers.QueueHandler(queue) end

---@class nightjar.QueueListener
---@field queue any
---@field handlers nightjar.Handler[]
---@field respect_handler_level boolean
local QueueListener = {}

function QueueListener:start() end

---Handles what is in the queue, then ends the thread.
function QueueListener:stop() end

---@param record nightjar.LogRecord
function QueueListener:handle(record) end

---@param record nightjar.LogRecord
---@return nightjar.LogRecord
function QueueListener:prepare(record) end

function QueueListener:enqueue_sentinel() end

---`QueueListener(q, h1, h2, {respect_handler_level = true})`, or one table of names.
---@param queue any
---@param ... any
---@return nightjar.QueueListener
function handlers.QueueListener(queue, ...) end

return handlers

---@meta exceptions

---A class of exceptions. `queue.Empty:is(e)` asks whether a caught value is of it.
---@class nightjar.ExceptionClass
---@overload fun(...: any): nightjar.Exception
---@field super nightjar.ExceptionClass?
local ExceptionClass = {}

---Whether a value is an exception of this class or a subclass. False for any other value, strings included.
---@param value any
---@return boolean
function ExceptionClass:is(value) end

---A new class below this one.
---@param name string
---@return nightjar.ExceptionClass
function ExceptionClass:subclass(name) end

---What `error` raises and `pcall` catches. `tostring(e)` is the message.
---@class nightjar.Exception
---@field class nightjar.ExceptionClass
---@field args any[]
---@field traceback string? Where it was raised.
---@field errno integer? The system's error number, in an `OSError`.
---@field strerror string? The system's text, in an `OSError`.
---@field filename string? The file, in an `OSError`.

---Python's built-in exception classes.
---@class nightjar.exceptions
---@field BaseException nightjar.ExceptionClass
---@field Exception nightjar.ExceptionClass
---@field SystemExit nightjar.ExceptionClass
---@field KeyboardInterrupt nightjar.ExceptionClass
---@field ArithmeticError nightjar.ExceptionClass
---@field OverflowError nightjar.ExceptionClass
---@field ZeroDivisionError nightjar.ExceptionClass
---@field AssertionError nightjar.ExceptionClass
---@field AttributeError nightjar.ExceptionClass
---@field EOFError nightjar.ExceptionClass
---@field ImportError nightjar.ExceptionClass
---@field ModuleNotFoundError nightjar.ExceptionClass
---@field LookupError nightjar.ExceptionClass
---@field IndexError nightjar.ExceptionClass
---@field KeyError nightjar.ExceptionClass
---@field MemoryError nightjar.ExceptionClass
---@field NameError nightjar.ExceptionClass
---@field OSError nightjar.ExceptionClass
---@field BlockingIOError nightjar.ExceptionClass
---@field ConnectionError nightjar.ExceptionClass
---@field BrokenPipeError nightjar.ExceptionClass
---@field ConnectionRefusedError nightjar.ExceptionClass
---@field ConnectionResetError nightjar.ExceptionClass
---@field FileExistsError nightjar.ExceptionClass
---@field FileNotFoundError nightjar.ExceptionClass
---@field InterruptedError nightjar.ExceptionClass
---@field IsADirectoryError nightjar.ExceptionClass
---@field NotADirectoryError nightjar.ExceptionClass
---@field PermissionError nightjar.ExceptionClass
---@field TimeoutError nightjar.ExceptionClass
---@field ReferenceError nightjar.ExceptionClass
---@field RuntimeError nightjar.ExceptionClass
---@field NotImplementedError nightjar.ExceptionClass
---@field RecursionError nightjar.ExceptionClass
---@field StopIteration nightjar.ExceptionClass
---@field TypeError nightjar.ExceptionClass
---@field ValueError nightjar.ExceptionClass
---@field UnicodeError nightjar.ExceptionClass
---@field UnicodeDecodeError nightjar.ExceptionClass
---@field Warning nightjar.ExceptionClass
---@field UserWarning nightjar.ExceptionClass
local exceptions = {}

---Prints the names with one line each, or what one of them is.
---@param name? string
function exceptions.help(name) end

return exceptions

---@meta weakref

---References that keep nothing alive: <https://docs.python.org/3/library/weakref.html>. Tables, functions, coroutines and
---objects can be referred to; anything else is a `TypeError`.
---@class nightjar.weakref
---@field ReferenceError nightjar.ExceptionClass
local weakref = {}

---`r()` is the referent, or nil after its death.
---@class nightjar.ref<T>
---@overload fun(): any

---@generic T
---@param object T
---@param callback? fun(reference: any) Called once, after the object's death.
---@return nightjar.ref<T>
function weakref.ref(object, callback) end

---Stands for the object as long as it lives; then its use raises `ReferenceError`.
---@generic T
---@param object T
---@param callback? fun(proxy: any)
---@return T
function weakref.proxy(object, callback) end

---@param object any
---@return integer
function weakref.getweakrefcount(object) end

---@param object any
---@return any[]
function weakref.getweakrefs(object) end

---An entry goes when its value dies. `d[k]`, `d[k] = v`, `pairs(d)`, `#d`; methods win over keys of the same name.
---@class nightjar.WeakValueDictionary
---@field [any] any
---@operator len: integer
local WeakValueDictionary = {}

---@param key any
---@param default? any
---@return any
function WeakValueDictionary:get(key, default) end

---Removes the key and gives its value. Without a default, a missing key is a `KeyError`.
---@param key any
---@param default? any
---@return any
function WeakValueDictionary:pop(key, default) end

---@return any key, any value
function WeakValueDictionary:popitem() end

---@param key any
---@param default any
---@return any
function WeakValueDictionary:setdefault(key, default) end

---@param other table
function WeakValueDictionary:update(other) end

function WeakValueDictionary:clear() end

---@return nightjar.WeakValueDictionary
function WeakValueDictionary:copy() end

---@return fun(): any
function WeakValueDictionary:keys() end

---@return fun(): any
function WeakValueDictionary:values() end

---@return fun(): any, any
function WeakValueDictionary:items() end

---@return any[]
function WeakValueDictionary:valuerefs() end

---@param data? table
---@return nightjar.WeakValueDictionary
function weakref.WeakValueDictionary(data) end

---Calls a function once: after the object's death, when it is called, or at the end of the script.
---@class nightjar.finalize
---@overload fun(): any
---@field alive boolean
---@field atexit boolean Whether the end of the script calls it; true by default.
local finalize = {}

---@return any object, function func, any[] args
function finalize:peek() end

---The same, and it will not be called.
---@return any object, function func, any[] args
function finalize:detach() end

---@param object any
---@param func function
---@param ... any Arguments of func.
---@return nightjar.finalize
function weakref.finalize(object, func, ...) end

---@param name? string
function weakref.help(name) end

return weakref

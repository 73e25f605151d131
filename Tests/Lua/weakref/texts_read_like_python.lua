local weakref, gc = require "weakref", require "gc"
local threading = require "exceptions"
local o = setmetatable({}, {__name = "Node"})
local r, m = weakref.ref(o), nil
assert(tostring(r):find("^<weakref at 0x%x+; to 'Node' at 0x%x+>$"), tostring(r))
local f = weakref.finalize(o, print)
assert(tostring(f):find("^<finalize object at 0x%x+; for 'Node' at 0x%x+>$"), tostring(f))
assert(f:detach())
assert(tostring(f):find("^<finalize object at 0x%x+; dead>$"), tostring(f))
assert(tostring(weakref.WeakValueDictionary {a = o}):find("^<WeakValueDictionary at 0x%x+; len=1>$"))
assert(tostring(weakref.WeakKeyDictionary()):find("^<WeakKeyDictionary at 0x%x+; len=0>$"))
assert(tostring(weakref.WeakSet {o}):find("^<WeakSet at 0x%x+; len=1>$"))
assert(tostring(weakref.ref) == "<class 'weakref.ref'>")
o = nil
gc.collect()
assert(tostring(r):find("^<weakref at 0x%x+; dead>$"), tostring(r))

local testing = require "testing"
local threading = require "threading"

local seen, native = {}, {}
for i = 1, 30 do
  local gate = threading.Event()
  local t = threading.Thread { target = function() gate:wait() return threading.get_ident(), threading.get_native_id() end }
  testing.equal({ t.ident, t.native_id }, { nil, nil })
  t:start()
  -- At once, as in Python, whose start returns when the thread runs.
  local ident, native_id = t.ident, t.native_id
  assert(math.type(ident) == "integer" and ident ~= 0 and ident ~= threading.get_ident())
  assert(math.type(native_id) == "integer" and native_id ~= threading.get_native_id())
  testing.contains(tostring(t), "started " .. ident .. ")>")
  gate:set()
  testing.equal({ t:result() }, { ident, native_id })
  testing.equal({ t.ident, t.native_id }, { ident, native_id }) -- kept
  testing.contains(tostring(t), "stopped " .. ident .. ")>")
  seen[ident] = true
end

local main = threading.main_thread()
testing.equal({ main.ident, main.native_id }, { threading.get_ident(), threading.get_native_id() })
local inside = threading.Thread {
  target = function()
    local main, me = threading.main_thread(), threading.current_thread()
    return main.ident ~= me.ident, main ~= me, main.name, me.ident == threading.get_ident()
  end,
}
inside:start()
testing.equal({ inside:result() }, { true, true, "MainThread", true })

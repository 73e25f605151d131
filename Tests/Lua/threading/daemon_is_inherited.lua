local testing = require "testing"
local threading = require "threading"

testing.equal(threading.main_thread().daemon, false)
local plain, daemon = threading.Thread(), threading.Thread { daemon = true }
testing.equal({ plain.daemon, daemon.daemon, plain:isDaemon() }, { false, true, false })
plain.daemon = true
assert(tostring(plain):find("initial daemon)>", 1, true))
plain:setDaemon(false)
assert(not tostring(plain):find("daemon"))

local function children()
  local timer = threading.Timer(1, print)
  return threading.Thread().daemon, threading.Thread { daemon = false }.daemon, threading.Thread { daemon = true }.daemon,
    timer.daemon
end
for _, is_daemon in ipairs { true, false } do
  local t = threading.Thread { target = children, daemon = is_daemon }
  t:start()
  testing.equal({ t:result() }, { is_daemon, false, true, is_daemon })
  testing.equal(t.daemon, is_daemon)
end

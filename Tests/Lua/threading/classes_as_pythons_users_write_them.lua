-- What people do with Thread subclasses in Python, line by line.
local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"
local Thread = threading.Thread

-- A value that join returns.
local Returning = Thread:subclass("Returning")
function Returning:run() self._return = self._target(table.unpack(self._args)) end
function Returning:join(...)
  Returning.super.join(self, ...)
  return self._return
end
local r = Returning { target = function(a, b) return a + b end, args = { 40, 2 } }
r:start()
testing.equal(r:join(), 42)
r = Returning { target = function() return "without arguments" end }
r:start()
testing.equal(r:join(), "without arguments")

-- Fields that have the names of what we have added.
local Own = Thread:subclass("Own")
function Own:init() Own.super.init(self) self.state = "ready" end
function Own:run()
  self.state = self.state .. ", steady"
  self.result, self.cancel = { 1, 2 }, "mine"
end
local own = Own()
testing.equal(own.state, "ready")
own:start()
own:join()
testing.equal({ own.state, own.result, own.cancel }, { "ready, steady", { 1, 2 }, "mine" })
testing.equal(Thread().state, "initial")

-- One that is told to stop.
local Stoppable = Thread:subclass("Stoppable")
function Stoppable:init(...)
  Stoppable.super.init(self, ...)
  self._stop_event = threading.Event()
  self.turns = 0
end
function Stoppable:stop() self._stop_event:set() end
function Stoppable:stopped() return self._stop_event:is_set() end
function Stoppable:run()
  while not self:stopped() do
    self.turns = self.turns + 1
    self._stop_event:wait(0.001)
  end
end
local s = Stoppable { name = "stoppable", daemon = true }
s:start()
s:stop()
s:join()
testing.equal({ s.name, s:stopped(), s:is_alive() }, { "stoppable", true, false })

-- An error that is kept and raised by join.
local Careful = Thread:subclass("Careful")
function Careful:run()
  local ok, problem = pcall(self._target)
  if not ok then self.exc = problem end
end
function Careful:join(timeout)
  Careful.super.join(self, timeout)
  if self.exc then error(self.exc) end
end
local c = Careful { target = function() error(exceptions.KeyError("lost")) end }
c:start()
local problem = testing.raises(exceptions.KeyError, "lost", c.join, c)
testing.contains(problem.traceback, "classes_as_pythons_users_write_them.lua")

-- A start that returns the object, a run around the inherited one, a lock of the class.
local Timed = Thread:subclass("Timed")
Timed.lock, Timed.log = threading.Lock(), require "queue".Queue()
function Timed:start()
  Timed.super.start(self)
  return self
end
function Timed:run()
  local held <close> = self.lock:hold()
  self.log:put("before")
  Timed.super.run(self)
  self.log:put("after")
end
local t = Timed { target = function() Timed.log:put("work") end }
t:start():join()
testing.equal({ Timed.log:get(), Timed.log:get(), Timed.log:get() }, { "before", "work", "after" })
testing.equal(Timed.lock:locked(), false)

-- Daemons that are set up in init.
local Background = Thread:subclass("Background")
function Background:init(n)
  Background.super.init(self)
  self.daemon, self.name = true, "background " .. n
end
testing.equal({ Background(1).daemon, Background(2).name }, { true, "background 2" })

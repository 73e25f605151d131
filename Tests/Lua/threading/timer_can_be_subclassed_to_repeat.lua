local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local Repeat = threading.Timer:subclass("Repeat")
function Repeat:run()
  self.runs = 0
  while not self.finished:wait(self.interval) do
    self["function"](table.unpack(self.args))
    self.runs = self.runs + 1
  end
end

local ticks = Queue()
local timer = Repeat(0.001, function(text) ticks:put(text) end, { "tick" })
timer:start()
for _ = 1, 5 do testing.equal(ticks:get(), "tick") end
timer:cancel()
timer:join()
assert(timer.runs >= 5)
testing.contains(tostring(timer), "<Repeat(Thread-")

-- With an init of its own.
local Greeter = threading.Timer:subclass("Greeter")
function Greeter:init(name) Greeter.super.init(self, { interval = 0, target = function() return "hello " .. name end }) end
local greeter = Greeter("you")
greeter:start()
testing.equal(greeter:result(), "hello you")

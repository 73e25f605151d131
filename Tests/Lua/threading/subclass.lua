local testing = require "testing"
local threading = require "threading"

local Worker = threading.Thread:subclass("Worker")
function Worker:init(a, b)
  Worker.super.init(self)
  self.a, self.b, self.gone = a, b, "soon"
end
function Worker:scale() return self.a * 10 end
function Worker:run()
  self.sum = self.a + self.b
  self.scaled = self:scale()
  self.list = { 1, 2, 3 }
  self.gone = nil
  self.me = threading.current_thread() == self
  return "from run"
end

local w = Worker(1, 2)
assert(threading.Thread:is(w) and Worker:is(w) and w.class == Worker)
testing.equal(w.sum, nil)
w:start()
w:join()
testing.equal({ w.sum, w.scaled, w.gone, w.me, w.a }, { 3, 10, nil, true, 1 })
testing.equal(w.list, { 1, 2, 3 })
testing.equal(w:result(), "from run")

-- Without super.init; a subclass of a subclass; super.run.
local Lazy = Worker:subclass("Lazy")
function Lazy:init(a) self.a, self.b = a, 100 end
function Lazy:run() Lazy.super.run(self) self.lazy = true end
local l = Lazy(5)
l:start()
l:join()
testing.equal({ l.sum, l.lazy, l.scaled }, { 105, true, 50 })

-- Fields come back after an error too.
local Failing = threading.Thread:subclass("Failing")
function Failing:run() self.progress = 3 error("failed") end
local f = Failing()
threading.excepthook = function() end
f:start()
f:join()
testing.equal({ f.progress, f.state }, { 3, "failed" })
testing.raises("failed", f.result, f)

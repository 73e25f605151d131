-- A class of a script is the same class wherever it comes, also in later messages.
local testing = require "testing"
local threading = require "threading"
local exceptions = require "exceptions"
local Queue = require "queue".Queue

local there, back = Queue(), Queue()
local t = threading.Thread {
  target = function(inbox, outbox)
    local last
    for item in inbox:items() do
      local value, f = table.unpack(item)
      outbox:put(table.pack(f(value, last)))
      last = value
    end
  end,
  args = { there, back },
}
t:start()
local function ask(value, f)
  there:put { value, f }
  local answer = back:get()
  return table.unpack(answer, 1, answer.n)
end

local Base = exceptions.ValueError:subclass("Base")
Base.settings = { limit = 3 }
Base.itself = Base
function Base.static(x) return x + 1 end
function Base:describe() return "base" end
Base.__add = function() return "added" end
local Middle = Base:subclass("Middle")
function Middle:describe() return "middle " .. Middle.super.describe(self) end
Middle.__len = function() return 42 end
local Derived = Middle:subclass("Derived")
function Derived:describe() return "derived " .. Derived.super.describe(self) end

testing.equal({ ask(Derived("x"), function(o)
  return o:describe(), o.class.static(1), o + o, #o, o.settings.limit, o.class.itself == Base, tostring(o.class)
end) }, { "derived middle base", 2, "added", 42, 3, true, "<class 'Derived'>" })
testing.equal(ask(Derived("y"), function(o, last)
  return o.class == last.class and Base:is(o) and Derived:is(o) and exceptions.ValueError:is(o) and not Derived:is(Base("z"))
end), true)
testing.equal(ask(Derived, function(class) return class end), Derived)
local returned = ask(nil, function() return Derived("made there") end)
testing.equal(Derived:is(returned) and returned.class == Derived and returned.args[1], "made there")

-- What is added later comes with the next message; what changed does not, and the receiver's own is left alone.
function Middle:later() return "later" end
testing.equal(ask(Derived("x"), function(o) return o:later() end), "later")
function Base:describe() return "changed" end
testing.equal(ask(Base("x"), function(o) return o:describe() end), "base")
testing.equal(ask(Base("x"), function(o) o.class.describe = function() return "theirs" end return o:describe() end), "theirs")
testing.equal(ask(Base("x"), function(o) return o:describe() end), "theirs")
testing.equal(Base("x"):describe(), "changed")

-- Methods share their variables, with each other and with the functions beside them.
local state = { 0 }
local One, Two = exceptions.Exception:subclass("One"), exceptions.Exception:subclass("Two")
function One:add() state[1] = state[1] + 1 return state[1] end
function Two:add() state[1] = state[1] + 1 return state[1] end
testing.equal({ ask(One("x"), function(one) return one:add(), Two("y"):add(), state[1] end) }, { 1, 2, 2 })

-- Classes of ours made by scripts: threads, with all that their objects have.
local Worker = threading.Thread:subclass("Worker")
function Worker:init(n) self.n = n end
function Worker:run() self.square = self.n * self.n return self.class == Worker end
local w = Worker(7)
testing.equal(ask(w, function(o) o.seen = o.n return o == o, o.class == Worker, Worker(1).n end), true)
w:start()
testing.equal(w:result(), true)
testing.equal(w.square, 49)

there:shutdown()
t:join()

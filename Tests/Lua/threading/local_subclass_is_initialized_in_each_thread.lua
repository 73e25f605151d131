local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue
local exceptions = require "exceptions"

local runs = Queue()
local Connection = threading.Local:subclass("Connection")
Connection.number = 2
function Connection:init(host, options)
  runs:put(threading.current_thread().name)
  self.host, self.port = host, options.port
  self.open = 0
end
function Connection:use()
  self.open = self.open + 1
  return self.host .. ":" .. self.port .. " " .. self.open
end

local connection = Connection("db-1", { port = 5432 })
testing.equal(runs:get(), "MainThread")
testing.equal({ connection:use(), connection:use(), connection.number }, { "db-1:5432 1", "db-1:5432 2", 2 })
assert(threading.Local:is(connection) and Connection:is(connection))
testing.contains(tostring(connection), "<Connection object at 0x")

local t = threading.Thread {
  name = "other",
  target = function(c)
    local none = runs:qsize() -- not before the first look
    local open = c.open
    return none, open, c:use(), c == connection, c.class == Connection, runs:qsize(), connection
  end,
  args = { connection },
}
t:start()
local none, open, used, same, class, some, returned = t:result()
testing.equal({ none, open, used, same, class, some }, { 0, 0, "db-1:5432 1", true, true, 1 })
testing.equal(returned, connection)
testing.equal(runs:get(), "other")
testing.equal(connection.open, 2)

-- The first look may be any: an assignment, a method, pairs, __dict__.
for first, look in pairs {
  assignment = function(c) c.extra = 1 return c.host end,
  method = function(c) return c:use():sub(1, 4) end,
  pairs = function(c) for name, value in pairs(c) do if name == "host" then return value end end end,
  dict = function(c) return c.__dict__.host end,
  class = function(c) return c.class == Connection and c.host end,
} do
  local t = threading.Thread { target = look, args = { connection }, name = first }
  t:start()
  testing.equal(t:result(), "db-1", first)
  testing.equal(runs:get(), first)
end
testing.equal(runs:qsize(), 0)

-- An error in init is raised by the look, and the next look tries again.
local Moody = threading.Local:subclass("Moody")
local allowed = Queue()
allowed:put(true)
function Moody:init()
  self.half = "done"
  allowed:get_nowait()
  self.whole = "done"
end
local moody = Moody()
local t = threading.Thread {
  target = function()
    local _, first = pcall(function() return moody.half end)
    local _, second = pcall(function() moody.half = 1 end)
    allowed:put(true)
    return first.class, second.class, moody.half, moody.whole
  end,
}
t:start()
testing.equal({ t:result() }, { require "queue".Empty, require "queue".Empty, "done", "done" })

-- Without an init there is nothing to pass to; a class in between may have it.
local Plain = threading.Local:subclass("Plain")
testing.raises(exceptions.TypeError, "Initialization arguments are not supported", Plain, 1)
Plain().x = 1
local Child = Connection:subclass("Child")
testing.equal(Child("h", { port = 1 }):use(), "h:1 1")

-- Arguments that cannot cross keep the object at home, not from being used there.
local Keeper = threading.Local:subclass("Keeper")
function Keeper:init(co) self.co = co end
local keeper = Keeper(coroutine.create(print))
testing.equal(type(keeper.co), "thread")
testing.raises(exceptions.TypeError,
  "cannot pass to another thread: item.k: a Local whose init gets args[1]: a coroutine", Queue().put, Queue(), { k = keeper })

local testing, tasks = require "testing", require "tasks"
local exceptions = require "exceptions"
local q = require "queue".Queue()

local function put(...) q:put(table.pack(...)) end
local function ran() return q:get() end

-- With args the function gets exactly those, holes included; without, the task.
tasks.after(0, put, { args = { 1, nil, "x", n = 4 } }):join()
testing.equal(ran(), { 1, nil, "x", n = 4 })
tasks.after(0, put, { args = {} }):join()
testing.equal(ran().n, 0)
local t = tasks.after(0, put)
t:join()
local item = ran()
testing.equal(item.n, 1)
testing.equal(item[1], t)

-- By name, under the names that users of Timer know too.
tasks.after { seconds = 0, target = put, args = { "named" }, name = "by name" }:join()
testing.equal(ran()[1], "named")
tasks.after { interval = 0, fn = put, args = { "alias" } }:join()
testing.equal(ran()[1], "alias")
local c = tasks.cron { expression = "@daily", target = put, utc = true, name = "daily" }
testing.equal(c.schedule, "cron '@daily' (UTC)")
testing.equal(c.name, "daily")
c:cancel()

-- Functions of modules and callable tables run too. The former get no argument that they may mind.
local collection = tasks.after(0, require "gc".collect)
collection:join()
testing.equal(collection.last_error, nil)
local callable = setmetatable({ word = "called" }, { __call = function(self, task) q:put { self.word, task.runs } end })
tasks.after(0, callable):join()
testing.equal(ran(), { "called", 1 })

-- Options that are nil are none.
t = tasks.every(3600, put, nil)
testing.equal(t:cancel(), true)

-- The first run at the start.
t = tasks.every(3600, put, { immediate = true, args = { "now" } })
testing.equal(ran()[1], "now")
t:cancel()
t = tasks.every(3600, put, { jitter = 10 })
assert(t.next_run >= os.time() + 3590 and t.next_run < os.time() + 3620)
t:cancel()

testing.raises(exceptions.TypeError, "bad argument #1 to 'every' (seconds: number expected, got string)", tasks.every, "soon", put)
testing.raises(exceptions.TypeError, "bad argument #2 to 'every' (target: function expected, got nil)", tasks.every, 1)
testing.raises(exceptions.TypeError, "bad argument #2 to 'after' (target: function expected, got table)", tasks.after, 1, {})
testing.raises(exceptions.TypeError, "unexpected named argument 'nam' (known: seconds or interval, target or fn, args", tasks.every, 1, put, { nam = 1 })
testing.raises(exceptions.TypeError, "multiple values for argument 'seconds'", tasks.every, 1, put, { seconds = 2 })
testing.raises(exceptions.TypeError, "takes at most 2 positional arguments", tasks.every, 1, put, "name")
testing.raises(exceptions.TypeError, "bad argument 'args' to 'every' (table expected, got number)", tasks.every, 1, put, { args = 1 })
for _, seconds in ipairs { 0, -1, 0 / 0 } do testing.raises(exceptions.ValueError, "seconds must be", tasks.every, seconds, put) end
testing.raises(exceptions.ValueError, "seconds must be non-negative", tasks.after, -1, put)
testing.raises(exceptions.OverflowError, "seconds value is too large", tasks.every, math.huge, put)
testing.raises(exceptions.ValueError, "jitter must be", tasks.every, 1, put, { jitter = -1 })
testing.equal(#tasks.list(), 0)

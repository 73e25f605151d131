local testing = require "testing"
local threading = require "threading"
local Queue = require "queue".Queue

local calls = Queue()
local function call() calls:put(true) end

-- While it waits; before it was started; when it has been called already.
local waiting = threading.Timer(3600, call)
waiting:start()
testing.equal(select("#", waiting:cancel()), 0)
waiting:join()
testing.equal({ waiting.state, waiting.finished:is_set(), select("#", waiting:result()) }, { "finished", true, 0 })
waiting:cancel()

local early = threading.Timer(0, call)
early:cancel()
early:start()
early:join()
testing.equal({ early.state, calls:qsize() }, { "finished", 0 })

local late = threading.Timer(0, call)
late:start()
late:join()
late:cancel()
testing.equal(calls:qsize(), 1)

-- A call that has begun is not stopped by it, but by the cancel of a thread.
local begun, go_on = threading.Event(), threading.Event()
local function wait() begun:set() return go_on:wait() end
local slow = threading.Timer(0, wait)
slow:start()
begun:wait()
slow:cancel()
testing.equal(slow:is_alive(), true)
go_on:set()
testing.equal(slow:result(), true)
begun:clear()
go_on:clear()
slow = threading.Timer(0, wait)
slow:start()
begun:wait()
threading.Thread.cancel(slow)
slow:join()
testing.equal(slow.state, "cancelled")

-- From another thread: both have the same timer.
local timer = threading.Timer(3600, call)
timer:start()
local canceller = threading.Thread { target = function() timer:cancel() return timer.class == threading.Timer end }
canceller:start()
testing.equal(canceller:result(), true)
timer:join()
testing.equal(calls:qsize(), 1)

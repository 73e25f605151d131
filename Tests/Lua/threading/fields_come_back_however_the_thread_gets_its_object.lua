-- The thread need not know its own object from the start; whatever way it gets it, the fields that it sets come back.
local testing = require "testing"
local gc = require "gc"
local queue = require "queue"
local threading = require "threading"

-- By asking for it. Nobody holds it in the thread when the collector runs.
local asked = threading.Thread { target = function()
  threading.current_thread().found = "asked"
  gc.collect()
end }
asked:start()
asked:join()
testing.equal(asked.found, "asked")

-- As one of many.
local listed = threading.Thread { target = function()
  for _, thread in ipairs(threading.enumerate()) do
    if thread.ident == threading.get_ident() then thread.found = "listed" end
  end
  gc.collect()
end }
listed:start()
listed:join()
testing.equal(listed.found, "listed")

-- Out of a queue.
local items = queue.Queue()
local queued = threading.Thread { target = function()
  items:get().found = "queued"
  gc.collect()
end }
items:put(queued)
queued:start()
queued:join()
testing.equal(queued.found, "queued")

-- As an upvalue, which the function itself lets go of.
local captured
captured = threading.Thread { target = function()
  captured.found = "captured"
  captured = nil
  gc.collect()
end }
captured:start()
captured:join()
testing.equal(captured.found, "captured")

-- As an argument.
local given = threading.Thread { target = function(self) self.found = "given" end, args = {} }
local holder = { given }
given = threading.Thread { target = function(list) list[1].mark, threading.current_thread().found = 1, "given" end, args = { holder } }
given:start()
given:join()
testing.equal({ given.found, holder[1].mark }, { "given", nil })

-- With an error at the end, and with fields from before the start.
local failing = threading.Thread { name = "failing", target = function()
  threading.current_thread().found = "failed"
  error(require "exceptions".SystemExit())
end }
failing:start()
failing:join()
testing.equal({ failing.found, failing.state }, { "failed", "failed" })
local marked = threading.Thread { target = function()
  local self = threading.current_thread()
  self.found, self.mark = self.mark, nil
end }
marked.mark = "from before"
marked:start()
marked:join()
testing.equal({ marked.found, marked.mark }, { "from before", nil })

-- Keywords are a last argument.
local keywords = threading.Thread { target = function(...) return select("#", ...), (select(-1, ...)).name end, args = { 1, nil, n = 2 }, kwargs = { name = "k" } }
keywords:start()
testing.equal({ keywords:result() }, { 3, "k" })

-- Calls in any order, right ones and wrong ones, on the objects of threading, queue and futures: results, classes of errors and
-- their texts are CPython's. One thread, and only waits that end by themselves, so that every outcome is certain.
local testing = require "testing"
local threading, queue, futures = require "threading", require "queue", require "futures"
local folder = ...

require "logging".getLogger("concurrent.futures").disabled = true
math.randomseed(20)

local function one(list) return list[math.random(#list)] end
local function timeout() return one { 0, 0.0005, -1, -0.5 } end
local function blocking() return one { true, false } end
local function item() return math.random(0, 9) end

local queues = {
  { "put_nowait", item }, { "put_nowait", item }, { "put", item, blocking, timeout }, { "get_nowait" },
  { "get", blocking, timeout }, { "task_done" }, { "qsize" }, { "empty" }, { "full" },
  { "maxsize=", function() return one { 0, 1, 3, -1 } end },
}
local locks = {
  { "acquire", function() return false end }, { "acquire", blocking, function() return one { 0, 0.0005, -2, -0.5, 1e100 } end },
  { "release" }, { "release" },
}
local semaphores = {
  { "acquire", function() return false end }, { "acquire", blocking, timeout }, { "release" },
  { "release", function() return one { 1, 2, 0, -1 } end },
}
local conditions = {
  locks[1], locks[1], { "acquire", function() return true end, function() return 0.0005 end }, { "release" }, { "wait", timeout },
  { "notify" }, { "notify", item }, { "notify_all" },
}
local subjects = {
  { "queue.Queue(2)", function() return queue.Queue(2) end, queues },
  { "queue.LifoQueue()", queue.LifoQueue, queues },
  { "queue.PriorityQueue(1)", function() return queue.PriorityQueue(1) end, queues },
  { "queue.SimpleQueue()", queue.SimpleQueue,
    { { "put", item, blocking, timeout }, { "get", blocking, timeout }, { "qsize" }, { "empty" } } },
  { "threading.Lock()", threading.Lock, { locks[1], locks[2], locks[3], { "locked" } } },
  { "threading.RLock()", threading.RLock, locks },
  { "threading.Condition()", threading.Condition, conditions },
  { "threading.Condition(threading.Lock())", function() return threading.Condition(threading.Lock()) end, conditions },
  { "threading.Semaphore(2)", function() return threading.Semaphore(2) end, semaphores },
  { "threading.BoundedSemaphore(1)", threading.BoundedSemaphore, semaphores },
  { "threading.Event()", threading.Event, { { "set" }, { "clear" }, { "is_set" }, { "wait", timeout } } },
  { "threading.Barrier(2)", function() return threading.Barrier(2) end,
    { { "wait", timeout }, { "reset" }, { "abort" }, { "broken" }, { "n_waiting" } } },
  { "threading.Barrier(1)", function() return threading.Barrier(1) end,
    { { "wait", timeout }, { "wait", timeout }, { "reset" }, { "abort" }, { "broken" } } },
  { "futures.Future()", futures.Future, {
    { "set_result", item }, { "set_running_or_notify_cancel" }, { "set_running_or_notify_cancel" }, { "cancel" }, { "cancelled" },
    { "running" }, { "done" }, { "result", timeout }, { "exception", timeout },
  } },
}

-- The outcomes in both languages are lines of the same form.
local python = [[
import queue, re, threading
import concurrent.futures as futures, logging
logging.getLogger("concurrent.futures").disabled = True

def call(subject, name, *arguments):
    if name.endswith("="):
        return setattr(subject, name[:-1], *arguments)
    member = getattr(subject, name)
    return member(*arguments) if callable(member) else member

def case(make, calls):
    subject = make()
    for c in calls:
        try:
            line = str(call(subject, *c)).replace("None", "nil").replace("True", "true").replace("False", "false")
        except Exception as e:
            line = f"{type(e).__name__}: {e}"
        line = re.sub("0x[0-9a-f]+", "ADDRESS", line).replace("returned int>", "returned integer>")
        # As Python 3.14 has it, and one text for all that is too long.
        line = line.replace("timeout value must be positive", "timeout value must be a non-negative number")
        print(line.replace("timestamp out of range for platform time_t", "timeout value is too large"))

]]

local function outcome(subject, name, ...)
  if name:sub(-1) == "=" then
    subject[name:sub(1, -2)] = ...
    return nil
  end
  local member = subject[name]
  if type(member) == "function" then return member(subject, ...) end
  return member
end

local literals = { ["true"] = "True", ["false"] = "False" }
local program, calls, lines = { python }, {}, {}
for round = 1, 12 do
  for _, subject in ipairs(subjects) do
    local text, make, methods = table.unpack(subject)
    local object, list = make(), {}
    for step = 1, 20 do
      local method = one(methods)
      local arguments, written = {}, { ("%q"):format(method[1]) }
      for i = 2, #method do
        arguments[i - 1] = method[i]()
        written[i] = literals[tostring(arguments[i - 1])] or tostring(arguments[i - 1])
      end
      list[step] = "(" .. table.concat(written, ", ") .. ",)"
      local ok, result = pcall(outcome, object, method[1], table.unpack(arguments))
      local line = ok and tostring(result) or result.class.__name .. ": " .. tostring(result)
      lines[#lines + 1] = line:gsub("0x%x+", "ADDRESS")
      calls[#calls + 1] = text .. " in round " .. round .. ", call " .. step .. " of " .. table.concat(list, " ")
    end
    program[#program + 1] = "case(lambda: " .. text .. ", [" .. table.concat(list, ", ") .. "])\n"
  end
end

local path = folder .. "/calls.py"
testing.write(path, table.concat(program))
local expected = testing.shell("python3 '" .. path .. "'") .. "\n"
local count = 0
for line in expected:gmatch("(.-)\n") do
  count = count + 1
  testing.equal(lines[count], line, calls[count])
end
testing.equal(count, #lines)

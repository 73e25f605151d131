-- A tour of Nightjar: every program of the tutorial, in one run. Nothing is left behind.
local threading = require "threading"
local zipfile = require "zipfile"
local struct = require "struct"
local queue = require "queue"
local logging = require "logging"
local weakref = require "weakref"
local gc = require "gc"

local function chapter(number, title) print(("\n%d. %s"):format(number, title)) end

-- Scratch files, removed at the end whatever happens.
local scratch = os.tmpname()
local data_path, archive_path = scratch .. ".txt", scratch .. ".zip"
local cleanup <close> = setmetatable({}, {
  __close = function()
    for _, path in ipairs { scratch, data_path, archive_path } do os.remove(path) end
  end,
})

print("Nightjar: Python's tutorial, in Lua, inside Swift.")

chapter(1, "A thread that works in the background")
do
  local file <close> = assert(io.open(data_path, "w"))
  for i = 1, 20000 do file:write("line ", i, " of some data\n") end
end

local AsyncZip = threading.Thread:subclass("AsyncZip")

function AsyncZip:init(infile, outfile)
  AsyncZip.super.init(self)
  self.infile, self.outfile = infile, outfile
end

function AsyncZip:run()
  local f <close> = zipfile.ZipFile(self.outfile, "w", zipfile.ZIP_DEFLATED)
  f:write(self.infile, "mydata.txt")
  f:writestr("readme.txt", "made by a thread")
end

local background = AsyncZip(data_path, archive_path)
background:start()
print("The main program continues to run in foreground.")
background:join()
print("Main program waited until background was done.")

chapter(2, "Binary records: the headers of that archive")
do
  local file <close> = assert(io.open(archive_path, "rb"))
  local data = file:read("a")
  local start = 0
  for _ = 1, 2 do
    start = start + 14
    local crc32, comp_size, uncomp_size, name_size, extra_size = struct.unpack_from("<IIIHH", data, start)
    start = start + 16
    local name = data:sub(start + 1, start + name_size)
    print(name, ("0x%08x"):format(crc32), uncomp_size .. " bytes", comp_size < uncomp_size and "smaller" or "as large")
    start = start + name_size + extra_size + comp_size
  end
end

chapter(3, "Threads in parallel, and one writer fed by a queue")
local work, results = queue.Queue(), queue.Queue(4)
for n = 1, 9 do work:put(n) end
work:shutdown()

local function square()
  for n in work:items() do results:put { n = n, square = n * n } end
end

local workers = {}
for i = 1, 3 do
  workers[i] = threading.Thread { target = square }
  workers[i]:start()
end
local writer = threading.Thread {
  target = function()
    local sum = 0
    for _ = 1, 9 do sum = sum + results:get().square end
    return sum
  end,
}
writer:start()
print("sum of the squares of 1 to 9:", writer:result())

chapter(4, "What crosses, and what does not")
local ok, problem = pcall(results.put, results, { callbacks = { on_done = coroutine.create(print) } })
print(problem)

chapter(5, "A thread that would never end, cancelled")
local endless = threading.Thread { target = function() while true do pcall(error) end end, daemon = true }
endless:start()
endless:cancel()
endless:join()
print("it is " .. endless.state)

chapter(6, "Logging, as Python prints it (on standard error)")
logging.debug("Debugging information")
logging.info("Informational message")
logging.warning("Warning:config file %s not found", "server.conf")
logging.error("Error occurred")
logging.critical("Critical error -- shutting down")

chapter(7, "Logging, as you want it")
logging.basicConfig { stream = io.stdout, level = logging.DEBUG, force = true, format = "%(levelname)-8s %(name)s: %(message)s" }
local log = logging.getLogger("tour.payments")
logging.getLogger().handlers[1]:addFilter(function(record) return not record:getMessage():find("secret") end)
log:info("order %d paid", 7)
log:debug("the secret is 42")
log:warning("%d%% full", 93)

chapter(8, "A cache that keeps nothing alive")
local cache = weakref.WeakValueDictionary()
local image = { name = "logo.png" }
cache["logo.png"] = image
weakref.finalize(image, print, "logo.png is gone")
print("entries:", #cache)
image = nil
gc.collect()
print("entries:", #cache)
